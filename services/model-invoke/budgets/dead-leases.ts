/**
 * Settles the leases of processes that died: what their calls cost by the
 * journal, and an unfinished one at its worst. Until then such a lease counts
 * as spent as a whole. A process is dead when the group did not know it at two
 * looks in a row; the first of the living by name does the work, and the first
 * settlement by the log counts if two do it.
 */
import { z } from "zod";
import { callFinished, callIdentity } from "../../../schemas/records/call.ts";
import { larger, nothing, plus, type Amount } from "../../budgets/amount.ts";
import type { OpenLease } from "../../budgets/lease-book.ts";
import type { JournalLog } from "../journal/read-back.ts";
import { chargeOf, worstCharge } from "./charge.ts";
import type { LeaseState } from "./held-lease.ts";

export interface DeadLeasesSettings {
  readonly log: Pick<JournalLog, "offsets" | "offsetAt" | "read">;
  readonly liveClientIds: () => Promise<ReadonlySet<string>>;
  readonly worker: string;
  readonly openLeases: () => readonly OpenLease[];
  readonly tell: (budgetId: string, state: LeaseState) => Promise<void>;
}

/** Clocks of brokers may differ by this much between a lease and the calls paid from it, milliseconds. */
const clockMarginMs = 60_000;

export class DeadLeases {
  readonly #settings: DeadLeasesSettings;
  #missing: ReadonlySet<string> = new Set();

  constructor(settings: DeadLeasesSettings) {
    this.#settings = settings;
  }

  /** Looks once; settles what it finds for the second time. Errors: TransientError. */
  async look(): Promise<void> {
    const { openLeases, liveClientIds, worker, tell } = this.#settings;
    const others = openLeases().filter((lease) => lease.worker !== worker);
    if (others.length === 0) return;
    const alive = await liveClientIds();
    const before = this.#missing;
    this.#missing = new Set(others.map((lease) => lease.worker).filter((name) => !alive.has(name)));
    if ([...alive].toSorted()[0] !== worker) return;
    const dead = others.filter((lease) => before.has(lease.worker) && this.#missing.has(lease.worker));
    if (dead.length === 0) return;
    const charges = await this.#journaled(dead);
    for (const { leaseId, budgetId, spent: told } of dead) {
      const spent = larger(told, charges.get(leaseId) ?? nothing);
      await tell(budgetId, { leaseId, spent, held: nothing, closed: true });
    }
  }

  /** By lease, what its calls cost. */
  async #journaled(leases: readonly OpenLease[]): Promise<ReadonlyMap<string, Amount>> {
    const { log } = this.#settings;
    const sinceMs = Math.min(...leases.map(({ askedAtMs }) => askedAtMs)) - clockMarginMs;
    const ends = await log.offsets("harness-calls");
    const ranges = await Promise.all(
      [...ends].map(async ([partition, { high }]) => {
        const from = await log.offsetAt("harness-calls", partition, sinceMs);
        return { partition, from, to: high };
      }),
    );
    const wanted = new Set(leases.map(({ leaseId }) => leaseId));
    const calls = new Map<string, LeasedCall>();
    await log.read({
      topic: "harness-calls",
      ranges,
      onRecord: ({ value }) => {
        const call = readCall(value);
        if (call === null || !call.lease_ids.some((id) => wanted.has(id))) return;
        if (call.kind === "call.finished" || !calls.has(call.call_id)) calls.set(call.call_id, call);
      },
    });
    return sumByLease(calls.values());
  }
}

const leasedIdentity = callIdentity
  .pick({ call_id: true, input_tokens_estimate: true, max_output_tokens: true, cost_high_usd: true })
  .extend({ lease_ids: z.array(z.string()) });

const leasedCall = z.discriminatedUnion("kind", [
  leasedIdentity.extend({ kind: z.literal("call.started") }),
  leasedIdentity.extend({
    kind: z.literal("call.finished"),
    usage: callFinished.shape.usage,
    cost_usd: callFinished.shape.cost_usd,
  }),
]);
type LeasedCall = z.infer<typeof leasedCall>;

function readCall(value: Buffer | null): LeasedCall | null {
  try {
    return leasedCall.parse(JSON.parse(String(value)));
  } catch {
    return null;
  }
}

function sumByLease(calls: Iterable<LeasedCall>): ReadonlyMap<string, Amount> {
  const sums = new Map<string, Amount>();
  for (const call of calls) {
    const charge = call.kind === "call.finished" ? chargeOf(call) : worstCharge(call);
    for (const leaseId of call.lease_ids) sums.set(leaseId, plus(sums.get(leaseId) ?? nothing, charge));
  }
  return sums;
}
