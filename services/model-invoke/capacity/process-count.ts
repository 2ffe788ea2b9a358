/**
 * How many processes share a model's limits: the group's members, asked again
 * every ten seconds from the first time that anybody wanted to know. While they
 * cannot be asked the last answer holds.
 */
export interface ProcessCountSettings {
  /** Client ids of all members of the group, as the coordinator knows them now. */
  readonly liveClientIds: () => Promise<ReadonlySet<string>>;
  /** Kafka client id of this process, which may not be a member yet. */
  readonly worker: string;
  readonly logger: { warn(fields: object, message: string): void };
}

/** A process that comes or goes is noticed this much later, milliseconds. */
export const recountMs = 10_000;

export class ProcessCount {
  readonly #settings: ProcessCountSettings;
  #count = 1;
  #timer: NodeJS.Timeout | undefined;

  constructor(settings: ProcessCountSettings) {
    this.#settings = settings;
  }

  /** At least 1: this process. */
  get count(): number {
    this.#timer ??= setInterval(() => void this.ask(), recountMs).unref();
    return this.#count;
  }

  async ask(): Promise<void> {
    const { liveClientIds, worker, logger } = this.#settings;
    try {
      this.#count = new Set(await liveClientIds()).add(worker).size;
    } catch (error) {
      logger.warn({ err: error }, "how many processes share the limits is not known just now");
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
