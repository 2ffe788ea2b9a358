/**
 * A closed loop of load: `window` runs are outstanding at any time until
 * `count` have ended. Gives runs per second over the whole and the time from
 * publication to result of each, by this process's monotonic clock.
 */

export interface Pipeline {
  readonly name: string;
  /** Publishes one run; resolves when it is acknowledged. */
  readonly publish: (runId: string) => Promise<void>;
  /** Calls back with the run id of every result that arrives. */
  readonly onResult: (listener: (runId: string) => void) => void;
}

export interface LoadFigures {
  readonly runs: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export interface LoadShape {
  readonly window: number;
  readonly count: number;
  readonly newRunId: () => string;
  /** Longest silence before the bench gives up, milliseconds. */
  readonly silenceMs: number;
}

export async function runLoad(pipeline: Pipeline, shape: LoadShape): Promise<LoadFigures> {
  const startedAt = new Map<string, number>();
  const times: number[] = [];
  let published = 0;
  let lastResultAt = performance.now();
  const begin = performance.now();

  await new Promise<void>((resolve, reject) => {
    const watchdog = setInterval(() => {
      if (performance.now() - lastResultAt < shape.silenceMs) return;
      clearInterval(watchdog);
      reject(
        new Error(`${pipeline.name}: ${startedAt.size} runs have no result after ${shape.silenceMs} ms of silence`),
      );
    }, 1000);
    const publishNext = (): void => {
      if (published >= shape.count) return;
      published += 1;
      const runId = shape.newRunId();
      startedAt.set(runId, performance.now());
      pipeline.publish(runId).catch(reject);
    };
    pipeline.onResult((runId) => {
      const began = startedAt.get(runId);
      if (began === undefined) return;
      startedAt.delete(runId);
      lastResultAt = performance.now();
      times.push(lastResultAt - began);
      if (times.length < shape.count) return publishNext();
      clearInterval(watchdog);
      resolve();
    });
    for (let i = 0; i < shape.window; i += 1) publishNext();
  });

  const seconds = (performance.now() - begin) / 1000;
  const sorted = times.toSorted((a, b) => a - b);
  return {
    runs: times.length,
    perSecond: times.length / seconds,
    p50Ms: percentile(sorted, 0.5),
    p99Ms: percentile(sorted, 0.99),
  };
}
