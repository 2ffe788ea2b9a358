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

/** Publishes, takes results in and keeps the window full; `done` resolves when the last run has its result. */
class Loop {
  readonly #startedAt = new Map<string, number>();
  readonly #pipeline: Pipeline;
  readonly #shape: LoadShape;
  readonly #end = Promise.withResolvers<void>();
  readonly times: number[] = [];
  #published = 0;
  #lastResultAt = performance.now();

  constructor(pipeline: Pipeline, shape: LoadShape) {
    this.#pipeline = pipeline;
    this.#shape = shape;
  }

  async run(): Promise<void> {
    const watchdog = setInterval(() => this.#watch(), 1000);
    this.#pipeline.onResult((runId) => this.#take(runId));
    for (let i = 0; i < this.#shape.window; i += 1) this.#publishNext();
    await this.#end.promise.finally(() => clearInterval(watchdog));
  }

  #publishNext(): void {
    if (this.#published >= this.#shape.count) return;
    this.#published += 1;
    const runId = this.#shape.newRunId();
    this.#startedAt.set(runId, performance.now());
    this.#pipeline.publish(runId).catch(this.#end.reject);
  }

  #take(runId: string): void {
    const began = this.#startedAt.get(runId);
    if (began === undefined) return;
    this.#startedAt.delete(runId);
    this.#lastResultAt = performance.now();
    this.times.push(this.#lastResultAt - began);
    if (this.times.length < this.#shape.count) this.#publishNext();
    else this.#end.resolve();
  }

  #watch(): void {
    const { silenceMs } = this.#shape;
    if (performance.now() - this.#lastResultAt < silenceMs) return;
    const lost = `${this.#startedAt.size} runs have no result after ${silenceMs} ms of silence`;
    this.#end.reject(new Error(`${this.#pipeline.name}: ${lost}`));
  }
}

export async function runLoad(pipeline: Pipeline, shape: LoadShape): Promise<LoadFigures> {
  const loop = new Loop(pipeline, shape);
  const begin = performance.now();
  await loop.run();
  const seconds = (performance.now() - begin) / 1000;
  const sorted = loop.times.toSorted((a, b) => a - b);
  return {
    runs: sorted.length,
    perSecond: sorted.length / seconds,
    p50Ms: percentile(sorted, 0.5),
    p99Ms: percentile(sorted, 0.99),
  };
}
