/**
 * The life of a service process: it stops at SIGTERM, SIGINT or when the
 * process that forked it is gone, closes what it opened in reverse order and
 * exits 0; a second signal ends it at once. A bug ends it at once with status
 * 1, nothing closed: what was not committed is done again by the next worker.
 */
import type { Logger } from "../logger.ts";

export const exitStatus = { ok: 0, bug: 1, badConfig: 2, tooManyDeadLetters: 3, interrupted: 130 } as const;

export type Close = () => Promise<void> | void;

export class Lifecycle {
  readonly #logger: Logger;
  readonly #closers: { readonly name: string; readonly close: Close }[] = [];
  readonly #exit: (status: number) => void;
  #stopping: Promise<void> | null = null;

  constructor(logger: Logger, exit: (status: number) => void = (status) => process.exit(status)) {
    this.#logger = logger;
    this.#exit = exit;
  }

  /** Closed in reverse order of opening. */
  onClose(name: string, close: Close): void {
    this.#closers.push({ name, close });
  }

  listen(): void {
    process.on("SIGTERM", () => this.#signalled("SIGTERM"));
    process.on("SIGINT", () => this.#signalled("SIGINT"));
    process.once("disconnect", () => this.#signalled("the parent process is gone"));
    process.on("uncaughtException", (error) => this.crash(error));
    process.on("unhandledRejection", (error) => this.crash(error));
  }

  /** Closes everything, then exits with `status`. Called again, it waits for the same end. */
  stop(reason: string, status: number = exitStatus.ok): Promise<void> {
    this.#stopping ??= this.#close(reason, status);
    return this.#stopping;
  }

  /** For a bug or a dead consumer: says what broke, without content, and ends now. */
  crash(error: unknown): void {
    this.#logger.error({ err: error instanceof Error ? error : new Error("not an error was thrown") }, "crash");
    this.#exit(exitStatus.bug);
  }

  #signalled(reason: string): void {
    if (this.#stopping === null) return void this.stop(reason);
    this.#logger.warn({ reason }, "told to stop twice: ending now");
    this.#exit(exitStatus.interrupted);
  }

  async #close(reason: string, status: number): Promise<void> {
    this.#logger.info({ reason }, "stopping");
    let result = status;
    for (const { name, close } of this.#closers.toReversed()) {
      try {
        await close();
      } catch (error) {
        this.#logger.error({ part: name, err: error }, "could not close");
        result = exitStatus.bug;
      }
    }
    this.#logger.info({ status: result }, "stopped");
    this.#exit(result);
  }
}
