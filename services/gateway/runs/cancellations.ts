/**
 * Cancellations that this gateway ordered. An order stands on harness-commands,
 * where every stage holds it in memory; a gateway orders one whenever a client
 * goes away, so it takes its own back: with the next one, when the run has had
 * its result for an hour, the time in which a stage that takes over could meet
 * the run again. Those of a gateway that died are deleted when they are over,
 * as all are (services/cli/orders).
 */
import { commandKey } from "../../../schemas/control/command.ts";
import { cancellation, orderEmission } from "../../runtime/commands/order-record.ts";
import type { Emission } from "../../runtime/stage.ts";

const standsForMs = 3_600_000;
/** Taken back with one order, so that it stays small. */
const mostAtOnce = 100;
const mostRemembered = 20_000;

export class Cancellations {
  readonly #hasEnded: (runId: string) => boolean;
  /** When each was ordered, oldest first. */
  readonly #orderedAtMs = new Map<string, number>();

  constructor(hasEnded: (runId: string) => boolean) {
    this.#hasEnded = hasEnded;
  }

  get size(): number {
    return this.#orderedAtMs.size;
  }

  /** The order, and with it what takes back those that have done their work. @throws ZodError for words that are too long. */
  order(runId: string, why: string, nowMs: number): readonly Emission[] {
    const done = [...this.#done(nowMs)].filter((known) => known !== runId);
    for (const known of done) this.#orderedAtMs.delete(known);
    if (this.#orderedAtMs.size < mostRemembered) this.#orderedAtMs.set(runId, nowMs);
    const target = { scope: "run", run_id: runId } as const;
    return [
      orderEmission(commandKey(target), cancellation(target, why, nowMs), nowMs),
      ...done.map((known) => orderEmission(commandKey({ scope: "run", run_id: known }), null, nowMs)),
    ];
  }

  *#done(nowMs: number): Generator<string> {
    let taken = 0;
    for (const [runId, orderedAtMs] of this.#orderedAtMs) {
      if (nowMs - orderedAtMs < standsForMs || taken === mostAtOnce) return;
      if (!this.#hasEnded(runId)) continue;
      taken += 1;
      yield runId;
    }
  }
}
