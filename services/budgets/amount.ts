/**
 * Dollars and tokens together, as budgets count them, and limits on either or
 * both. Dollars are decimals; a limit that is null does not bind.
 */
import type { BudgetAmount, BudgetRecord } from "../../schemas/control/budget.ts";
import { Decimal, toUsd } from "../pricing/usd.ts";

export interface Amount {
  readonly usd: Decimal;
  readonly tokens: number;
}

/** What is left of a limit may be below zero: it was lowered, or a call cost more than foreseen. */
export interface Limits {
  readonly usd: Decimal | null;
  readonly tokens: number | null;
}

export const nothing: Amount = { usd: new Decimal(0), tokens: 0 };

export function amountOf({ usd, tokens }: BudgetAmount): Amount {
  return { usd: new Decimal(usd), tokens };
}

/** As it is written on a topic; what is below zero is written as zero. */
export function amountRecord({ usd, tokens }: Amount): BudgetAmount {
  return { usd: toUsd(Decimal.max(usd, 0)), tokens: Math.max(tokens, 0) };
}

export function limitsOf({ limit_usd, limit_tokens }: BudgetRecord): Limits {
  return { usd: limit_usd === undefined ? null : new Decimal(limit_usd), tokens: limit_tokens ?? null };
}

export function plus(left: Amount, right: Amount): Amount {
  return { usd: left.usd.plus(right.usd), tokens: left.tokens + right.tokens };
}

export function minus(left: Amount, right: Amount): Amount {
  return { usd: left.usd.minus(right.usd), tokens: left.tokens - right.tokens };
}

export function sumOf(amounts: Iterable<Amount>): Amount {
  let sum = nothing;
  for (const amount of amounts) sum = plus(sum, amount);
  return sum;
}

export function larger(left: Amount, right: Amount): Amount {
  return { usd: Decimal.max(left.usd, right.usd), tokens: Math.max(left.tokens, right.tokens) };
}

export function isSame(left: Amount, right: Amount): boolean {
  return left.usd.equals(right.usd) && left.tokens === right.tokens;
}

export function isNothing({ usd, tokens }: Amount): boolean {
  return usd.isZero() && tokens === 0;
}

export function lessen({ usd, tokens }: Limits, by: Amount): Limits {
  return { usd: usd === null ? null : usd.minus(by.usd), tokens: tokens === null ? null : tokens - by.tokens };
}

export function fits(amount: Amount, { usd, tokens }: Limits): boolean {
  return (usd === null || amount.usd.lessThanOrEqualTo(usd)) && (tokens === null || amount.tokens <= tokens);
}

/** The amount in what the limits count: zero where nothing binds. */
export function counted(amount: Amount, { usd, tokens }: Limits): Amount {
  return { usd: usd === null ? nothing.usd : amount.usd, tokens: tokens === null ? 0 : amount.tokens };
}

/** At most what the limits leave. */
export function capped(amount: Amount, { usd, tokens }: Limits): Amount {
  return {
    usd: usd === null ? amount.usd : Decimal.min(amount.usd, usd),
    tokens: tokens === null ? amount.tokens : Math.min(amount.tokens, tokens),
  };
}
