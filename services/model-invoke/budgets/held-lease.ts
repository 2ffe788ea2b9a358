/**
 * A lease of this process: what calls have reserved and spent of it, and what
 * the log is to be told. A draining lease takes no more calls; it is closed
 * when the last of its calls is settled.
 */
import type { Verdict } from "../../budgets/lease-book.ts";
import { counted, fits, isSame, larger, lessen, minus, nothing, plus } from "../../budgets/amount.ts";
import type { Amount, Limits } from "../../budgets/amount.ts";

export type Grant = Extract<Verdict, { readonly kind: "granted" }>;

export interface LeaseState {
  readonly leaseId: string;
  readonly spent: Amount;
  readonly held: Amount;
  readonly closed: boolean;
}

export class HeldLease {
  readonly grant: Grant;
  /** New calls are paid from it until then, Unix milliseconds. */
  readonly usableUntilMs: number;
  draining = false;
  lastUsedMs: number;
  /** What the log was told last. */
  told: LeaseState | null = null;
  readonly #limits: Limits;
  #calls = 0;
  #reserved: Amount = nothing;
  #spent: Amount = nothing;

  /** `limits`: of the budget when it was granted; only what they bind is reserved. */
  constructor(grant: Grant, limits: Limits, times: { readonly nowMs: number; readonly usableUntilMs: number }) {
    this.grant = grant;
    this.#limits = limits;
    this.lastUsedMs = times.nowMs;
    this.usableUntilMs = times.usableUntilMs;
  }

  get leaseId(): string {
    return this.grant.leaseId;
  }

  get spent(): Amount {
    return this.#spent;
  }

  /** No call is under way on it. */
  get isIdle(): boolean {
    return this.#calls === 0;
  }

  /** It was made for many such calls, and less than a quarter of it is left. */
  runsLow(amount: Amount): boolean {
    const { usd, tokens } = this.#left();
    const { granted } = this.grant;
    const low = (left: number, needed: number, all: number): boolean => left * 4 < all && needed * 4 <= all;
    return (
      (usd !== null && low(usd.toNumber(), amount.usd.toNumber(), granted.usd.toNumber())) ||
      (tokens !== null && low(tokens, amount.tokens, granted.tokens))
    );
  }

  /** False, and nothing reserved, when there is not enough left. */
  take(amount: Amount, nowMs: number): boolean {
    if (this.draining || nowMs >= this.usableUntilMs || !fits(amount, this.#left())) return false;
    this.#calls += 1;
    this.#reserved = plus(this.#reserved, amount);
    this.lastUsedMs = nowMs;
    return true;
  }

  settle(reserved: Amount, charge: Amount, nowMs: number): void {
    this.#calls -= 1;
    this.#reserved = minus(this.#reserved, reserved);
    this.#spent = plus(this.#spent, charge);
    this.lastUsedMs = nowMs;
  }

  /** As the log should have it now; null when it has been told. */
  untold(): LeaseState | null {
    const reserved = counted(this.#reserved, this.#limits);
    const rest = counted(minus(this.grant.granted, this.#spent), this.#limits);
    const held = this.draining ? reserved : larger(reserved, rest);
    const closed = this.draining && this.isIdle;
    const state = { leaseId: this.leaseId, spent: this.#spent, held, closed };
    const { told } = this;
    if (told !== null && told.closed === closed && isSame(told.spent, state.spent) && isSame(told.held, held))
      return null;
    return state;
  }

  #left(): Limits {
    const { usd, tokens } = this.grant.granted;
    const granted = {
      usd: this.#limits.usd === null ? null : usd,
      tokens: this.#limits.tokens === null ? null : tokens,
    };
    return lessen(granted, plus(this.#reserved, this.#spent));
  }
}
