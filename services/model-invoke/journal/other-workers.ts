/**
 * Who else in the consumer group lives, by Kafka client id: asked at most once
 * a second however many partitions want to know. This process is not among
 * them.
 */
export interface OtherWorkersSettings {
  /** Client ids of all members of the group, as the coordinator knows them now. */
  readonly liveClientIds: () => Promise<ReadonlySet<string>>;
  readonly worker: string;
  readonly nowMs: () => number;
}

const freshMs = 1000;

export class OtherWorkers {
  readonly #settings: OtherWorkersSettings;
  #known: ReadonlySet<string> = new Set();
  #askedAtMs = Number.NEGATIVE_INFINITY;
  #asking: Promise<void> = Promise.resolve();

  constructor(settings: OtherWorkersSettings) {
    this.#settings = settings;
  }

  /** As last asked. */
  get known(): ReadonlySet<string> {
    return this.#known;
  }

  /** Asks again unless that was done within the last second. Rejects when the group cannot be asked. */
  async refresh(): Promise<ReadonlySet<string>> {
    const nowMs = this.#settings.nowMs();
    if (nowMs - this.#askedAtMs >= freshMs) {
      this.#askedAtMs = nowMs;
      this.#asking = this.#ask();
    }
    await this.#asking;
    return this.#known;
  }

  async #ask(): Promise<void> {
    try {
      const all = await this.#settings.liveClientIds();
      this.#known = new Set([...all].filter((id) => id !== this.#settings.worker));
    } catch (error) {
      this.#askedAtMs = Number.NEGATIVE_INFINITY;
      throw error;
    }
  }
}
