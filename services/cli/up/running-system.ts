/**
 * What `up` has started, and the way it ends: the gateway answers what it has
 * taken, the stages drain and commit, then the infrastructure closes; told twice, everything ends at once. Nothing that
 * was started here is left running.
 */
import { Interruption } from "../exit-codes.ts";
import type { Child } from "./child.ts";
import { infraGraceMs } from "./infra-process.ts";
import type { StageProcess } from "./stage-process.ts";

/** npm passes a Ctrl-C on that the terminal has sent already: the two count as one. */
const sameInterruptMs = 1000;
const quietMs = 500;

export class RunningSystem {
  readonly #stages: StageProcess[] = [];
  readonly #say: (line: string) => void;
  #gateway: StageProcess | null = null;
  #infra: Child | null = null;
  #stopping = false;
  #partStarted = false;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  addInfra(child: Child): void {
    this.#infra = child;
  }

  /** Something embedded is up: from now on its stopping is worth a word. */
  notePart(): void {
    this.#partStarted = true;
  }

  /** @throws Interruption when everything is being stopped: nothing new may start. */
  addStage(stage: StageProcess): void {
    if (this.#stopping) throw new Interruption("SIGINT");
    this.#stages.push(stage);
  }

  /** @throws Interruption when everything is being stopped. */
  addGateway(gateway: StageProcess): void {
    if (this.#stopping) throw new Interruption("SIGINT");
    this.#gateway = gateway;
  }

  /** Resolves with how it ended when the infrastructure ends by itself. */
  get infraEnded(): Promise<unknown> {
    return this.#infra?.ended ?? new Promise(() => undefined);
  }

  /** Also says that it is done, when there was anything to stop. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const anything = this.#stages.length > 0 || (this.#partStarted && this.#infra?.isRunning() === true);
    const startedAtMs = Date.now();
    const atOnce = (): void => {
      if (Date.now() - startedAtMs < sameInterruptMs) return;
      this.#say("Ending everything at once.");
      this.kill();
    };
    process.on("SIGINT", atOnce);
    process.on("SIGTERM", atOnce);
    try {
      if (this.#stages.length > 0)
        this.#say("Stopping the stages: they finish what they have begun (Ctrl-C again ends them at once).");
      await this.#gateway?.stop();
      await Promise.all(this.#stages.map((stage) => stage.stop()));
      if (this.#infra?.isRunning() === true) {
        // One that had nothing to start yet, or found another system here, is gone in a moment: no word about it.
        const word = setTimeout(() => this.#say("Stopping the embedded parts."), this.#partStarted ? 0 : quietMs);
        await this.#infra.stop(infraGraceMs);
        clearTimeout(word);
      }
      if (anything) this.#say("Everything is stopped.");
    } finally {
      process.off("SIGINT", atOnce);
      process.off("SIGTERM", atOnce);
    }
  }

  kill(): void {
    this.#gateway?.kill();
    for (const stage of this.#stages) stage.kill();
    this.#infra?.kill();
  }
}
