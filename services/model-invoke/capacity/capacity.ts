/**
 * What each provider's models take at once and a minute, in this process: its
 * share of the limits that are set, and below those what the providers have
 * shown to take. A call takes a slot here before anything is reserved or paid
 * for it.
 */
import type { ModelLimits } from "../../providers/configured/providers-file.ts";
import type { Target } from "../breakers/resilience.ts";
import { ModelGate, type Patience, type Slot } from "./model-gate.ts";
import type { Party } from "./waiting-line.ts";

export interface CapacitySettings {
  readonly limitsOf: (target: Target) => ModelLimits;
  /** Calls of one model in flight in this process where nothing else limits them. */
  readonly maxConcurrent: number;
  /** Processes that share the limits, this one among them. */
  readonly processes: () => number;
  readonly nowMs: () => number;
}

/** What a call asks for. */
export interface Demand extends Target, Party {
  /** The most that it can cost: its input and every permitted output token. */
  readonly tokens: number;
}

export class Capacity {
  readonly #settings: CapacitySettings;
  readonly #gates = new Map<string, { readonly target: Target; readonly gate: ModelGate }>();

  constructor(settings: CapacitySettings) {
    this.#settings = settings;
  }

  /** How long such a call is likely to wait now, milliseconds: 0 when there is room. */
  waitMs(demand: Demand): number {
    return this.#gateOf(demand).waitMs(demand);
  }

  /** Null when there is no room now. */
  tryTake(demand: Demand): Slot | null {
    return this.#gateOf(demand).tryTake(demand.tokens);
  }

  /** Waits for its turn; null when patience ended before it came. */
  take(demand: Demand, patience: Patience): Promise<Slot | null> {
    return this.#gateOf(demand).take(demand, patience);
  }

  /** What nineteen of twenty of the model's last answers did not take longer than, milliseconds; undefined if unknown. */
  slowMs(target: Target): number | undefined {
    return this.#gateOf(target).slowMs;
  }

  /** The models of all chains so far. */
  gates(): { readonly target: Target; readonly gate: Pick<ModelGate, "limit" | "inFlight" | "waiting"> }[] {
    return [...this.#gates.values()];
  }

  #gateOf({ provider, model }: Target): ModelGate {
    const key = `${provider}/${model}`;
    const known = this.#gates.get(key);
    if (known !== undefined) return known.gate;
    const { limitsOf, maxConcurrent, processes, nowMs } = this.#settings;
    const target = { provider, model };
    const limits = limitsOf(target);
    const share = (limit: number | undefined): number | undefined =>
      limit === undefined ? undefined : Math.max(1, Math.floor(limit / processes()));
    const gate = new ModelGate({
      limits: () => ({
        requestsPerMinute: share(limits.requestsPerMinute),
        tokensPerMinute: share(limits.tokensPerMinute),
        maxConcurrent: Math.min(maxConcurrent, share(limits.maxConcurrent) ?? maxConcurrent),
      }),
      nowMs,
    });
    this.#gates.set(key, { target, gate });
    return gate;
  }
}
