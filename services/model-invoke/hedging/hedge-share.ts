/**
 * How many of a harness's calls are hedges: among any two hundred calls that
 * this process made for it one after the other, never more than the share that
 * the harness allows.
 */

/** Calls that are looked back on. */
export const shareWindow = 200;

export class HedgeShare {
  /** By harness: whether each of its last calls was a hedge, oldest first. */
  readonly #calls = new Map<string, boolean[]>();

  /** True when one more hedge keeps to the share. */
  allows(harness: string, maxShare: number): boolean {
    const calls = (this.#calls.get(harness) ?? []).slice(1 - shareWindow);
    const hedges = calls.filter((isHedge) => isHedge).length;
    return hedges + 1 <= maxShare * (calls.length + 1);
  }

  noteCall(harness: string): void {
    this.#note(harness, false);
  }

  noteHedge(harness: string): void {
    this.#note(harness, true);
  }

  #note(harness: string, isHedge: boolean): void {
    const calls = this.#calls.get(harness) ?? [];
    if (calls.length === 0) this.#calls.set(harness, calls);
    calls.push(isHedge);
    if (calls.length > shareWindow) calls.shift();
  }
}
