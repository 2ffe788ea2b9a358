/**
 * A circuit breaker for each provider and model, and the time limit of a call;
 * both cockatiel's. A breaker opens when more than half of a model's last calls
 * failed, stays open ten seconds, and then lets one call through as its probe.
 * What the caller did wrong never opens it. What other processes know is taken
 * over as long as there are too few calls of our own to say otherwise. `isOpen`
 * and `run` agree when no `await` stands between them.
 */
import { setTimeout as sleep } from "node:timers/promises";
import {
  CircuitState,
  CountBreaker,
  circuitBreaker,
  handleWhenResult,
  isBrokenCircuitError,
  TaskCancelledError,
  timeout,
  TimeoutStrategy,
  type CircuitBreakerPolicy,
} from "cockatiel";
import type { CallOutcome } from "../../../schemas/parts/codes.ts";
import type { CallEnding } from "../interpret.ts";

export interface Target {
  readonly provider: string;
  readonly model: string;
}

/** `half_open`: the probe is due or out. */
export type BreakerState = "closed" | "open" | "half_open";

export interface ResilienceSettings {
  readonly onChange?: (target: Target, state: BreakerState) => void;
}

/** How long an open breaker lets nothing through, milliseconds. */
export const halfOpenAfterMs = 10_000;
/** The last calls a breaker looks at, how many it needs, and the share of failures above which it opens. */
export const breakerWindow = { size: 20, minimumNumberOfCalls: 5, threshold: 0.5 } as const;

/** The model or the way to it is in trouble; other outcomes show that it works. */
const countsAgainst: ReadonlySet<CallOutcome> = new Set([
  "rate_limited",
  "overloaded",
  "server_error",
  "timeout",
  "connection",
  "unauthorized",
  "not_found",
  "malformed",
]);

const timedOut = { outcome: "timeout", answer: null, error: { code: "timeout" } } as const;
/** What a call that was aborted at its limit has for its last word, milliseconds. */
const lastWordMs = 20;

interface Breaker {
  readonly target: Target;
  readonly policy: CircuitBreakerPolicy;
  openUntilMs: number;
  /** Calls that ended here since the breaker was made: evidence of our own. */
  ownCalls: number;
}

/** What another process says of a breaker. */
export interface Hearsay {
  readonly state: "open" | "closed";
  /** Unix milliseconds by that process' clock. */
  readonly openUntilMs: number;
}

export class Resilience {
  readonly #breakers = new Map<string, Breaker>();
  readonly #onChange: (target: Target, state: BreakerState) => void;

  constructor({ onChange = () => {} }: ResilienceSettings = {}) {
    this.#onChange = onChange;
  }

  /** True when a call would be turned away now, or would have to wait for the probe. */
  isOpen(target: Target): boolean {
    const { policy, openUntilMs } = this.#breakerOf(target);
    if (policy.state === CircuitState.Open) return Date.now() < openUntilMs;
    return policy.state !== CircuitState.Closed;
  }

  /** Of every model that was asked for so far. */
  states(): (Target & { readonly state: BreakerState })[] {
    return [...this.#breakers.values()].map(({ target, policy, openUntilMs }) => {
      const waits = policy.state === CircuitState.Open && Date.now() < openUntilMs;
      return { ...target, state: policy.state === CircuitState.Closed ? "closed" : waits ? "open" : "half_open" };
    });
  }

  /** Runs the call and counts its outcome; null when the breaker turned it away and nothing ran. */
  async run(target: Target, call: () => Promise<CallEnding>): Promise<CallEnding | null> {
    try {
      const breaker = this.#breakerOf(target);
      return await breaker.policy.execute(async () => {
        const ending = await call();
        if (showsNothing(ending) && !isProbing(breaker.policy)) throw new UncountedError(ending);
        breaker.ownCalls += 1;
        return ending;
      });
    } catch (error) {
      if (error instanceof UncountedError) return error.ending;
      if (isBrokenCircuitError(error)) return null;
      throw error;
    }
  }

  /** An open breaker is taken over with the rest of its time; when that is up, one call probes as if it were ours. */
  learn(target: Target, { state, openUntilMs }: Hearsay): void {
    const key = keyOf(target);
    const known = this.#breakers.get(key);
    if ((known?.ownCalls ?? 0) >= breakerWindow.minimumNumberOfCalls) return;
    if (state === "closed") {
      this.#breakers.delete(key);
      return;
    }
    const leftMs = Math.min(Math.max(openUntilMs - Date.now(), 0), halfOpenAfterMs);
    const openedAt = Date.now() + leftMs - halfOpenAfterMs;
    const ownState = { value: CircuitState.Open, openedAt, attemptNo: 1 };
    const breakerState = new CountBreaker(breakerWindow).state;
    this.#breakers.set(key, this.#newBreaker(target, { openUntilMs: Date.now() + leftMs, ownState, breakerState }));
  }

  /**
   * The call's outcome, or `timeout` after `timeoutMs` whatever the call does: its signal is aborted then. A call that
   * heeds it has a moment to say what had arrived by then.
   */
  async within(timeoutMs: number, call: (signal: AbortSignal) => Promise<CallEnding>): Promise<CallEnding> {
    const nothing: CallEnding = { ...timedOut, usage: null };
    let calling: Promise<CallEnding> = Promise.resolve(nothing);
    let limit: AbortSignal | undefined;
    const judged = (ending: CallEnding): CallEnding =>
      ending.outcome === "cancelled" && limit?.aborted === true ? { ...ending, ...timedOut } : ending;
    try {
      const policy = timeout(timeoutMs, { strategy: TimeoutStrategy.Aggressive, abortOnReturn: false });
      return judged(await policy.execute(({ signal }) => (calling = call((limit = signal)))));
    } catch (error) {
      if (!(error instanceof TaskCancelledError)) throw error;
      return judged(await Promise.race([calling, sleep(lastWordMs, nothing)]));
    }
  }

  #breakerOf(target: Target): Breaker {
    const key = keyOf(target);
    const known = this.#breakers.get(key);
    if (known !== undefined) return known;
    const breaker = this.#newBreaker(target);
    this.#breakers.set(key, breaker);
    return breaker;
  }

  #newBreaker(target: Target, learnt?: Learnt): Breaker {
    const failed = handleWhenResult(
      // A probe that shows nothing has not shown that the model is back.
      (ending) => isEnding(ending) && (blames(ending) || (showsNothing(ending) && isProbing(policy))),
    );
    const policy: CircuitBreakerPolicy = circuitBreaker(failed, {
      halfOpenAfter: halfOpenAfterMs,
      breaker: new CountBreaker(breakerWindow),
      ...(learnt === undefined
        ? {}
        : { initialState: { ownState: learnt.ownState, breakerState: learnt.breakerState } }),
    });
    const { provider, model } = target;
    const openUntilMs = learnt?.openUntilMs ?? 0;
    const breaker: Breaker = { target: { provider, model }, policy, openUntilMs, ownCalls: 0 };
    policy.onBreak(() => {
      breaker.openUntilMs = Date.now() + halfOpenAfterMs;
      this.#onChange(target, "open");
    });
    policy.onHalfOpen(() => this.#onChange(target, "half_open"));
    policy.onReset(() => this.#onChange(target, "closed"));
    return breaker;
  }
}

function isProbing({ state }: CircuitBreakerPolicy): boolean {
  return state === CircuitState.HalfOpen;
}

/** Carries a call that shows nothing of the model past the breaker's count. */
class UncountedError extends Error {
  readonly ending: CallEnding;
  constructor(ending: CallEnding) {
    super("the call counts neither as failed nor as good");
    this.ending = ending;
  }
}

interface Learnt {
  readonly openUntilMs: number;
  readonly ownState: { readonly value: CircuitState; readonly openedAt: number; readonly attemptNo: number };
  readonly breakerState: unknown;
}

function keyOf({ provider, model }: Target): string {
  return `${provider}/${model}`;
}

/** Turned away before there was a key to blame. */
const keylessCodes: ReadonlySet<string> = new Set(["provider_unknown", "api_key_missing"]);

function blames(ending: CallEnding): boolean {
  return countsAgainst.has(ending.outcome) && !showsNothing(ending);
}

/** We gave it up ourselves, or it met its key's trouble, which is that key's breaker's affair. */
function showsNothing({ outcome, error }: CallEnding): boolean {
  if (outcome === "unauthorized") return !keylessCodes.has(error?.code ?? "");
  return outcome === "cancelled" || error?.other_key === true;
}

function isEnding(value: unknown): value is CallEnding {
  return typeof value === "object" && value !== null && "outcome" in value;
}
