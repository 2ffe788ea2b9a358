/**
 * What harness-leases comes to: which leases are granted, and what of each
 * budget is spent and held. Applied in the order of the log, with the log's own
 * times, it says the same in every process, so no process has to own a budget.
 * A hard budget's spent and held amounts never pass its limit by a grant. A
 * lease of a process that died stays held until somebody settles it.
 */
import type { BudgetRecord } from "../../schemas/control/budget.ts";
import type { LeaseAsked, LeaseRecord, LeaseSettled } from "../../schemas/records/lease.ts";
import { amountOf, capped, counted, fits, lessen, limitsOf, minus, nothing, plus } from "./amount.ts";
import type { Amount, Limits } from "./amount.ts";
import { windowAt, type Window } from "./window.ts";

export interface OpenLease {
  readonly leaseId: string;
  readonly worker: string;
  readonly budgetId: string;
  readonly askedAtMs: number;
  readonly spent: Amount;
  readonly held: Amount;
}

export interface AccountView {
  readonly window: Window;
  readonly limits: Limits;
  /** Settled, and what was spent before the budget was set. */
  readonly spent: Amount;
  /** Granted and not yet spent or given back. */
  readonly held: Amount;
  /** What a new lease could be granted of. */
  readonly remaining: Limits;
  readonly leases: ReadonlyMap<string, OpenLease>;
  /** Asks that it refused in the window. */
  readonly refusals: number;
}

/** The account of one window, by the terms that hold in it. */
export interface StandingAccount extends AccountView {
  readonly budget: BudgetRecord;
}

export type Verdict =
  | {
      readonly kind: "granted";
      readonly leaseId: string;
      readonly granted: Amount;
      readonly exceeds: boolean;
      readonly window: Window;
    }
  | { readonly kind: "refused"; readonly leaseId: string; readonly window: Window };

interface Account {
  terms: BudgetRecord;
  readonly window: Window;
  spent: Amount;
  held: Amount;
  refusals: number;
  readonly leases: Map<string, OpenLease>;
  /** Highest ask of each worker: an earlier or the same one is a repeated write. */
  readonly lastAsk: Map<string, number>;
}

/** An account is forgotten this long after its window: what is settled later changes nothing that counts. */
const keptAfterMs = 24 * 3_600_000;

export class LeaseBook {
  readonly #accounts = new Map<string, Account>();
  readonly #accountOf = new Map<string, Account>();

  /** `atMs`: of the record, by the log. The verdict on an ask; null for everything else. */
  apply(record: LeaseRecord, atMs: number): Verdict | null {
    if (record.kind === "lease.asked") return this.#ask(record, atMs);
    this.#settle(record);
    return null;
  }

  /** A budget's account at a moment; the limits are the newest of those on the log and those given. */
  account(budget: BudgetRecord, atMs: number): StandingAccount {
    const window = windowOf(budget, atMs);
    const account = this.#accounts.get(keyOf(budget, window)) ?? newAccount(budget, window);
    return viewOf(account, account.terms.revision > budget.revision ? account.terms : budget);
  }

  /** Every account that something was asked of, those of past windows included until they are forgotten. */
  accounts(): readonly StandingAccount[] {
    return [...this.#accounts.values()].map((account) => viewOf(account, account.terms));
  }

  openLeases(): OpenLease[] {
    return [...this.#accountOf].flatMap(([leaseId, { leases }]) => leases.get(leaseId) ?? []);
  }

  lease(leaseId: string): OpenLease | undefined {
    return this.#accountOf.get(leaseId)?.leases.get(leaseId);
  }

  #ask(asked: LeaseAsked, atMs: number): Verdict | null {
    const { lease_id: leaseId, worker, ask_no: askNo, budget } = asked;
    const account = this.#open(budget, atMs);
    if (askNo <= (account.lastAsk.get(worker) ?? 0)) return null;
    account.lastAsk.set(worker, askNo);
    if (budget.revision >= account.terms.revision) account.terms = budget;
    const { terms, window } = account;
    const limits = limitsOf(terms);
    const remaining = lessen(limits, plus(account.spent, account.held));
    const exceeds = !fits(amountOf(asked.least), remaining);
    if (exceeds && terms.enforcement === "hard") {
      account.refusals += 1;
      return { kind: "refused", leaseId, window };
    }
    const wish = counted(amountOf(asked.wish), limits);
    const granted = exceeds ? wish : capped(wish, remaining);
    const budgetId = budget.budget_id;
    account.leases.set(leaseId, { leaseId, worker, budgetId, askedAtMs: atMs, spent: nothing, held: granted });
    account.held = plus(account.held, granted);
    this.#accountOf.set(leaseId, account);
    return { kind: "granted", leaseId, granted, exceeds, window };
  }

  #settle({ lease_id: leaseId, spent, held, closed }: LeaseSettled): void {
    const account = this.#accountOf.get(leaseId);
    const lease = account?.leases.get(leaseId);
    if (account === undefined || lease === undefined) return;
    const now = { ...lease, spent: amountOf(spent), held: closed ? nothing : amountOf(held) };
    account.spent = plus(account.spent, minus(now.spent, lease.spent));
    account.held = plus(account.held, minus(now.held, lease.held));
    if (!closed) return void account.leases.set(leaseId, now);
    account.leases.delete(leaseId);
    this.#accountOf.delete(leaseId);
  }

  #open(budget: BudgetRecord, atMs: number): Account {
    const window = windowOf(budget, atMs);
    const key = keyOf(budget, window);
    const known = this.#accounts.get(key);
    if (known !== undefined) return known;
    this.#forget(atMs);
    const account = newAccount(budget, window);
    this.#accounts.set(key, account);
    return account;
  }

  #forget(atMs: number): void {
    for (const [key, { window, leases }] of this.#accounts) {
      if (window.endMs + keptAfterMs > atMs) continue;
      this.#accounts.delete(key);
      for (const leaseId of leases.keys()) this.#accountOf.delete(leaseId);
    }
  }
}

function viewOf({ window, spent, held, leases, refusals }: Account, budget: BudgetRecord): StandingAccount {
  const limits = limitsOf(budget);
  return { budget, window, limits, spent, held, remaining: lessen(limits, plus(spent, held)), leases, refusals };
}

function newAccount(budget: BudgetRecord, window: Window): Account {
  const seeded = budget.opened_at_ms >= window.startMs && budget.opened_at_ms < window.endMs;
  const spent = seeded ? amountOf(budget.spent_before) : nothing;
  return { terms: budget, window, spent, held: nothing, refusals: 0, leases: new Map(), lastAsk: new Map() };
}

function keyOf(budget: BudgetRecord, { startMs }: Window): string {
  return `${budget.budget_id}@${budget.opened_at_ms}@${startMs}`;
}

/** @throws for a run's budget, which needs no leases. */
function windowOf({ window, budget_id: id }: BudgetRecord, atMs: number): Window {
  if (window === "run") throw new Error(`${id} is a budget of single runs: it has no leases`);
  return windowAt(window, atMs);
}
