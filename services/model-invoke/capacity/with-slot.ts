/**
 * Takes a step only with a slot at its model. Where there is none at once, the
 * call waits for its turn, and the plan is asked again afterwards: the attempt,
 * the breakers and the time left can all be others by then.
 */
import { isBatch } from "../../../topics/lanes.ts";
import type { CallEnding } from "../interpret.ts";
import { nextStep, type Step } from "../plan/plan.ts";
import type { Situation } from "../plan/situation.ts";
import { mostTokens } from "../plan/tiers.ts";
import type { Capacity, Demand } from "./capacity.ts";
import type { Slot, SlotEnd } from "./model-gate.ts";

export type CallStep = Extract<Step, { readonly kind: "call" }>;

export interface Seeker {
  readonly capacity: Pick<Capacity, "tryTake" | "take">;
  readonly step: CallStep;
  readonly situation: () => Situation;
  /** Resolves when this process may still start something. */
  readonly confirmed: () => Promise<void>;
  readonly signal: AbortSignal;
}

/** Resolves when `call` is done, or without it when the plan must be asked anew. */
export async function withSlot(seeker: Seeker, call: (step: CallStep, slot: Slot) => Promise<void>): Promise<void> {
  const { capacity, step, situation, signal } = seeker;
  const demand = demandOf(situation(), step.tier);
  const free = capacity.tryTake(demand);
  if (free !== null) return await call(step, free);
  const slot = await capacity.take(demand, { untilMs: step.waitUntilMs, signal });
  if (slot === null) return;
  await seeker.confirmed();
  const again = nextStep(withRoom(situation(), step.tier));
  if (signal.aborted || again.kind !== "call" || again.tier !== step.tier) return slot.giveBack();
  await call(again, slot);
}

export function demandOf(situation: Pick<Situation, "definition" | "task">, tier: number): Demand {
  const model = situation.definition.models[tier];
  if (model === undefined) throw new Error(`no tier ${tier} in the chain`);
  const { provider, model: name } = model;
  const { task } = situation;
  return { provider, model: name, tokens: mostTokens(situation, tier), client: task.client_id, batch: isBatch(task) };
}

/** Tiers without room now, with the wait that is likely there. */
export function crowdedTiers(
  capacity: Pick<Capacity, "waitMs">,
  situation: Pick<Situation, "definition" | "task">,
): ReadonlyMap<number, number> {
  const waits = situation.definition.models.map(
    (_, tier) => [tier, capacity.waitMs(demandOf(situation, tier))] as const,
  );
  return new Map(waits.filter(([, waitMs]) => waitMs > 0));
}

function withRoom(situation: Situation, tier: number): Situation {
  const others = [...situation.crowdedTiers].filter(([crowded]) => crowded !== tier);
  return { ...situation, crowdedTiers: new Map(others) };
}

const refusals: ReadonlySet<CallEnding["outcome"]> = new Set(["rate_limited", "overloaded"]);

/** What a call says of the model's capacity. A key that is out while others go on says nothing of it. */
export function slotEndOf(ending: CallEnding, streamed: boolean): SlotEnd {
  const { outcome, usage, firstTokenMs, error } = ending;
  const tokens = usage === null ? undefined : Object.values(usage).reduce((sum, bucket) => sum + bucket, 0);
  if (refusals.has(outcome)) return { kind: error?.other_key === true ? "other" : "refused", tokens: tokens ?? 0 };
  if (outcome === "cancelled") return { kind: "given_up", tokens };
  return { kind: outcome === "ok" ? "answered" : "other", tokens, firstTokenMs: streamed ? firstTokenMs : undefined };
}
