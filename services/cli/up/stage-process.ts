/**
 * Keeps one stage running as a process of its own: waits until it says it is
 * ready, starts it again with growing pauses when it ends by itself, stops it
 * so that it can drain and commit.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { StageName } from "../../../schemas/parts/codes.ts";
import { describeEnding, startChild, type Child } from "./child.ts";

export const stageNames: readonly StageName[] = ["input-scan", "model-invoke", "output-validate", "cost-aggregate"];

const readyMessage = z.object({ kind: z.literal("ready") });

export interface StageOptions {
  readonly name: StageName;
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
/** A stage that never became ready and ended with this status has wrong settings: starting it again does not help. */
const configStatus = 2;

export class StageProcess {
  readonly #options: StageOptions;
  readonly #stop = new AbortController();
  readonly #ready = Promise.withResolvers<void>();
  #child: Child | null = null;
  #kept: Promise<void> = Promise.resolve();

  constructor(options: StageOptions) {
    this.#options = options;
    this.#ready.promise.catch(() => undefined);
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** Resolves when the stage is ready. Rejects when its settings are wrong or it is stopped before. */
  start(): Promise<void> {
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
    const { name, say } = this.#options;
    for (let ends = 0; !this.#stop.signal.aborted;) {
      const startedAtMs = Date.now();
      let wasReady = false;
      this.#child = this.#launch(() => {
        wasReady = true;
        if (ends > 0) say(`${name} is back`);
      });
      const ending = await this.#child.ended;
      if (this.#stop.signal.aborted) break;
      if (!wasReady && ending.code === configStatus) {
        this.#ready.reject(new Error(`${name} refuses its settings; see ${this.#options.logFile}`));
        return;
      }
      ends = Date.now() - startedAtMs > steadyMs ? 1 : ends + 1;
      const pauseMs = restartPauseMs(ends);
      say(
        `${name} ${describeEnding(ending)}; starting it again in ${pauseMs / 1000} s (log: ${this.#options.logFile})`,
      );
      await sleep(pauseMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
    this.#ready.reject(new Error(`${name} was stopped before it was ready`));
  }

  #launch(onReady: () => void): Child {
    const { file, env, logFile } = this.#options;
    return startChild({
      file,
      env,
      logFile,
      onMessage: (message) => {
        if (!readyMessage.safeParse(message).success) return;
        onReady();
        this.#ready.resolve();
      },
    });
  }
}
