/**
 * Whether the group's coordinator still counts this process among its members:
 * it does for a session time-out after each heartbeat it took. A process that
 * was frozen for longer may have lost its partitions without having heard of
 * it; until the next word from the coordinator it must start nothing that costs.
 */
export class Membership {
  readonly #sessionTimeoutMs: number;
  readonly #nowMs: () => number;
  readonly #waiting = new Set<() => void>();
  #confirmedAtMs = Number.NEGATIVE_INFINITY;
  /** When the latest silence of more than a session ended. */
  #lapseEndedAtMs = Number.NEGATIVE_INFINITY;

  constructor(sessionTimeoutMs: number, nowMs: () => number) {
    this.#sessionTimeoutMs = sessionTimeoutMs;
    this.#nowMs = nowMs;
  }

  /** The coordinator answered a heartbeat or a joining. What was lost by then is aborted before this is called. */
  confirm(): void {
    const nowMs = this.#nowMs();
    if (!this.#isFresh(nowMs)) this.#lapseEndedAtMs = nowMs;
    this.#confirmedAtMs = nowMs;
    for (const resume of this.#waiting) resume();
  }

  /** Resolves at once while the membership is fresh, else with the next confirmation or when `signal` aborts. */
  async confirmed(signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#isFresh(this.#nowMs())) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const resume = (): void => resolve();
    this.#waiting.add(resume);
    signal.addEventListener("abort", resume, { once: true });
    await promise;
    this.#waiting.delete(resume);
    signal.removeEventListener("abort", resume);
  }

  /** Whether the coordinator may have given this process up at some time since then, Unix ms. */
  lapsedSince(sinceMs: number): boolean {
    return this.#lapseEndedAtMs >= sinceMs || !this.#isFresh(this.#nowMs());
  }

  #isFresh(nowMs: number): boolean {
    return nowMs - this.#confirmedAtMs < this.#sessionTimeoutMs;
  }
}
