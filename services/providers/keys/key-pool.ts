/**
 * The keys of one provider, each with a breaker of its own. Calls take the keys
 * in turn. One that the provider rejects is left alone for a minute and then
 * asked by one call at a time, its probe, until it is taken again; one that has
 * used up its own limit is left alone as long as the provider says. The others
 * go on. When all are limited, the one that comes back first is asked: the
 * provider's own answer is better than a guess of ours. When all are rejected,
 * nothing leaves but the probes.
 */
import type { Moderated } from "../moderate.ts";
import type { ProviderAnswer, ProviderFailure } from "../outcome.ts";

/** How long a rejected key is left alone before its next probe, milliseconds: somebody has to mend it. */
export const rejectedMs = 60_000;
/** How long a key is left alone whose provider names no wait, and the longest that is believed, milliseconds. */
export const limitedMs = { unnamed: 5_000, longest: 300_000 } as const;

/** In the place of a model: the key is out for all of them. */
export const everyModel = "*";

export interface KeyTrouble {
  readonly kind: "rejected" | "limited";
  /** Unix milliseconds. */
  readonly untilMs: number;
  /** The provider's word for it. */
  readonly code: string;
}

export interface KeyUse {
  readonly index: number;
  /** Or `everyModel`. */
  readonly model: string;
}

/** `null`: the key works again. */
export type KeyListener = (use: KeyUse, trouble: KeyTrouble | null) => void;

export type KeyState = "open" | "half_open";

export class KeyPool {
  readonly #onChange: KeyListener;
  /** What is wrong with each key, by model or for every model; nothing is when there is no entry. */
  readonly #troubles: readonly Map<string, KeyTrouble>[];
  /** Keys whose probe is out. */
  readonly #probing = new Set<number>();
  #next = 0;

  constructor(keys: number, onChange: KeyListener = () => {}) {
    this.#onChange = onChange;
    this.#troubles = Array.from({ length: keys }, () => new Map());
  }

  /** Index of the key to use now; null when every key is rejected and no probe is due. */
  take(model: string, nowMs: number): number | null {
    const turns = this.#troubles.map((_, step) => (this.#next + step) % this.#troubles.length);
    const usable = turns.filter((index) => !this.#isShut(index, model, nowMs));
    const [first, ...rest] = usable;
    if (first === undefined) return null;
    const soonest = rest.reduce(
      (best, index) =>
        this.#limitedUntil(index, model, nowMs) < this.#limitedUntil(best, model, nowMs) ? index : best,
      first,
    );
    this.#next = (soonest + 1) % this.#troubles.length;
    if (this.#rejection(soonest, model) !== undefined) this.#probing.add(soonest);
    return soonest;
  }

  /** Nothing would leave for this model now. */
  isOut(model: string, nowMs: number): boolean {
    return this.#troubles.every((_, index) => this.#isShut(index, model, nowMs));
  }

  /** Takes note of how a call with this key ended; a failure that is the key's alone says whether another can be tried. */
  judge<Good extends ProviderAnswer | Moderated>(
    { index, model }: KeyUse,
    outcome: Good | ProviderFailure,
    nowMs: number,
  ): Good | ProviderFailure {
    if (outcome.kind !== "failure") {
      this.#mend({ index, model }, nowMs);
      return outcome;
    }
    const found = troubleOf(outcome, nowMs);
    if (found === null) {
      if (!saysNothing.has(outcome.outcome)) this.#mend({ index, model }, nowMs);
      return outcome;
    }
    const scope = found.everyModel ? everyModel : model;
    const known = this.#troubles[index]?.get(scope);
    this.#troubles[index]?.set(scope, found.trouble);
    if (known === undefined || known.untilMs <= nowMs) this.#onChange({ index, model: scope }, found.trouble);
    const others = this.#troubles.some((_, other) => other !== index && this.#isFree(other, model, nowMs));
    return others ? { ...outcome, otherKey: true } : outcome;
  }

  /** The key's call is over, however it ended. */
  end({ index }: KeyUse): void {
    this.#probing.delete(index);
  }

  /** What another process saw of a key: a fact of the provider's, so it holds here too. */
  learn({ index, model }: KeyUse, trouble: KeyTrouble | null, nowMs: number): void {
    const longest = trouble?.kind === "rejected" ? rejectedMs : limitedMs.longest;
    if (trouble === null) this.#troubles[index]?.delete(model);
    else this.#troubles[index]?.set(model, { ...trouble, untilMs: Math.min(trouble.untilMs, nowMs + longest) });
  }

  /** Every key that is not in order. */
  states(nowMs: number): { readonly index: number; readonly model: string; readonly state: KeyState }[] {
    return this.#troubles.flatMap((troubles, index) =>
      [...troubles].map(([model, { untilMs }]) => ({ index, model, state: untilMs > nowMs ? "open" : "half_open" })),
    );
  }

  /** Not while it is to be left alone: what is answered then was under way before. */
  #mend({ index, model }: KeyUse, nowMs: number): void {
    const troubles = this.#troubles[index];
    for (const scope of [model, everyModel]) {
      const untilMs = troubles?.get(scope)?.untilMs;
      if (untilMs === undefined || untilMs > nowMs) continue;
      troubles?.delete(scope);
      this.#onChange({ index, model: scope }, null);
    }
  }

  #troublesOf(index: number, model: string): KeyTrouble[] {
    return [model, everyModel].flatMap((scope) => this.#troubles[index]?.get(scope) ?? []);
  }

  #rejection(index: number, model: string): KeyTrouble | undefined {
    return this.#troublesOf(index, model).find(({ kind }) => kind === "rejected");
  }

  /** Rejected, and its probe is not due or is out. */
  #isShut(index: number, model: string, nowMs: number): boolean {
    const untilMs = this.#rejection(index, model)?.untilMs;
    return untilMs !== undefined && (untilMs > nowMs || this.#probing.has(index));
  }

  #limitedUntil(index: number, model: string, nowMs: number): number {
    return Math.max(nowMs, ...this.#troublesOf(index, model).map(({ untilMs }) => untilMs));
  }

  #isFree(index: number, model: string, nowMs: number): boolean {
    return !this.#isShut(index, model, nowMs) && this.#limitedUntil(index, model, nowMs) === nowMs;
  }
}

/** Nobody looked at the key, or nobody knows. */
const saysNothing: ReadonlySet<ProviderFailure["outcome"]> = new Set(["timeout", "connection", "cancelled"]);

/** Accounts without money are refused as if too much had been asked: waiting helps nobody there. */
const unpaidCodes: ReadonlySet<string> = new Set(["insufficient_quota", "billing_hard_limit_reached"]);

interface Found {
  readonly trouble: KeyTrouble;
  readonly everyModel: boolean;
}

/** A key without a right (403) may have it for other models, and limits are a model's; an unknown or unpaid key is out for all. */
function troubleOf({ outcome, status, code, retryAfterMs }: ProviderFailure, nowMs: number): Found | null {
  if (outcome === "unauthorized" || unpaidCodes.has(code)) {
    return { trouble: { kind: "rejected", untilMs: nowMs + rejectedMs, code }, everyModel: status !== 403 };
  }
  if (outcome !== "rate_limited") return null;
  const waitMs = Math.min(retryAfterMs ?? limitedMs.unnamed, limitedMs.longest);
  return { trouble: { kind: "limited", untilMs: nowMs + waitMs, code }, everyModel: false };
}
