/**
 * Keeps one stage, or the gateway, running as a process of its own: waits until
 * it says it is ready, starts it again with growing pauses when it ends by
 * itself, stops it so that it can drain and commit.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { ConsumerName, StageName } from "../../../schemas/parts/codes.ts";
import { exitStatus } from "../../runtime/process/lifecycle.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { describeEnding, startChild, type Child, type Ending } from "./child.ts";

export const stageNames: readonly StageName[] = ["input-scan", "model-invoke", "output-validate", "cost-aggregate"];

export type ProcessName = ConsumerName | "gateway";

const readyMessage = z.object({
  kind: z.literal("ready"),
  address: z.string().optional().describe("Where it answers, of one that listens"),
});
type ReadyMessage = z.infer<typeof readyMessage>;

export interface StageOptions {
  readonly name: ProcessName;
  readonly file: string;
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
  /** Time a stop waits for its work in progress, milliseconds. */
  readonly drainMs: number;
  readonly say: (sentence: string) => void;
}

/** A pause after the n-th end in a row, milliseconds. */
export function restartPauseMs(ends: number): number {
  return Math.min(30_000, 500 * 2 ** Math.min(ends - 1, 10));
}

/** One that ran this long has recovered: the pauses begin anew. */
const steadyMs = 60_000;
/** One that ended this often and never was ready is given up. */
const firstStarts = 5;

/** Why starting it again would not help; null when it may. */
function hopeless({ code }: Ending, name: ProcessName): string | null {
  if (code === exitStatus.badConfig) return `${name} refuses its settings`;
  if (code === exitStatus.tooManyDeadLetters)
    return `${name} stopped itself: it met nothing but dead letters (npx breakwater dlq list); start it again when the cause is mended`;
  return null;
}

export class StageProcess {
  readonly #options: StageOptions;
  readonly #stop = new AbortController();
  readonly #ready = Promise.withResolvers<ReadyMessage>();
  #child: Child | null = null;
  #wasReady = false;
  #kept: Promise<void> = Promise.resolve();

  constructor(options: StageOptions) {
    this.#options = options;
    this.#ready.promise.catch(() => undefined);
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** Resolves with what it says when it is ready. Rejects when its settings are wrong or it is stopped before. */
  start(): Promise<ReadyMessage> {
    this.#kept = this.#keepRunning();
    return this.#ready.promise;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#child?.stop(this.#options.drainMs + 10_000);
    await this.#kept;
  }

  kill(): void {
    this.#stop.abort();
    this.#child?.kill();
  }

  async #keepRunning(): Promise<void> {
    const { name, say, logFile } = this.#options;
    for (let ends = 0; !this.#stop.signal.aborted;) {
      const startedAtMs = Date.now();
      this.#child = this.#launch(() => ends > 0 && say(`${name} is back`));
      const ending = await this.#child.ended;
      if (this.#stop.signal.aborted) break;
      ends = Date.now() - startedAtMs > steadyMs ? 1 : ends + 1;
      const reason = hopeless(ending, name) ?? this.#neverStarts(ends);
      if (reason !== null) {
        if (this.#wasReady) say(`${reason} (log: ${logFile})`);
        const status = ending.code === exitStatus.badConfig ? exitCodes.usage : exitCodes.failure;
        this.#ready.reject(new CommandError(status, `${reason}; its log is ${logFile}`));
        return;
      }
      const pauseMs = restartPauseMs(ends);
      say(`${name} ${describeEnding(ending)}; starting it again in ${pauseMs / 1000} s (log: ${logFile})`);
      await sleep(pauseMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
    this.#ready.reject(new Error(`${this.#options.name} was stopped before it was ready`));
  }

  #neverStarts(ends: number): string | null {
    return ends >= firstStarts && !this.#wasReady ? `${this.#options.name} does not start` : null;
  }

  #launch(onReady: () => unknown): Child {
    const { file, env, logFile } = this.#options;
    return startChild({
      file,
      env,
      logFile,
      onMessage: (message) => {
        const ready = readyMessage.safeParse(message);
        if (!ready.success) return;
        onReady();
        this.#wasReady = true;
        this.#ready.resolve(ready.data);
      },
    });
  }
}
