/**
 * One budget in this process: pays calls from the leases it holds, asks for the
 * next before they run out, and gives back what it does not need. A call that
 * can never fit is refused at once; one that others' reservations stand in the
 * way of waits for them until its run's deadline. Never more than one ask at a
 * time is under way, for all that wait together.
 */
import type { BudgetRecord } from "../../../schemas/control/budget.ts";
import { counted, fits, isNothing, lessen, limitsOf, minus, plus, sumOf, type Amount } from "../../budgets/amount.ts";
import type { AccountView, OpenLease, Verdict } from "../../budgets/lease-book.ts";
import type { Window } from "../../budgets/window.ts";
import { isTight, wishFor } from "../../budgets/lease-size.ts";
import { TransientError } from "../../runtime/errors.ts";
import { HeldLease, type Grant, type LeaseState } from "./held-lease.ts";
import type { Refusal, ReserveOrder } from "./reservation.ts";

/** Where leases are asked for and settled. */
export interface Desk {
  account(budget: BudgetRecord): AccountView;
  lease(leaseId: string): OpenLease | undefined;
  ask(budget: BudgetRecord, wish: Amount, least: Amount): Promise<Verdict>;
  tell(budgetId: string, state: LeaseState): Promise<void>;
}

/** A call's share of a lease. */
export interface Share {
  readonly kind: "share";
  readonly lease: HeldLease | null;
  readonly settle: (charge: Amount) => void;
}

interface Waiter {
  readonly amount: Amount;
  readonly end: (outcome: Share | Refusal | Error) => void;
}

export interface PurseSettings {
  readonly desk: Desk;
  readonly nowMs: () => number;
  readonly logger: { warn(fields: object, message: string): void };
}

/** A lease is used no longer than this, so that what was spent of it becomes known, milliseconds. */
const leaseLifeMs = 600_000;
/** A lease without calls for this long is given back, milliseconds. */
const idleMs = 10_000;
/** Clocks differ: a lease granted at the end of a window is used at least this long, and a refused ask is repeated no sooner. */
const clockSlackMs = 250;

const unbound: Share = { kind: "share", lease: null, settle: () => undefined };

export class Purse {
  readonly #settings: PurseSettings;
  readonly #leases = new Set<HeldLease>();
  readonly #waiters: Waiter[] = [];
  #budget: BudgetRecord;
  #asking = false;
  #askAgainAtMs = 0;
  #unset = false;
  /** Start of the window of which the log knows that this process refused in it. */
  #refusedInMs: number | null = null;

  constructor(budget: BudgetRecord, settings: PurseSettings) {
    this.#budget = budget;
    this.#settings = settings;
  }

  get budget(): BudgetRecord {
    return this.#budget;
  }

  /** A call that the budget does not count, as its price is unknown, reserves nothing. Errors: TransientError. */
  reserve(amount: Amount, order: Pick<ReserveOrder, "deadlineAtMs" | "signal">): Share | Promise<Share | Refusal> {
    if (isNothing(counted(amount, limitsOf(this.#budget)))) return unbound;
    const share = this.#waiters.length === 0 ? this.#take(amount) : null;
    if (share === null) return this.#wait(amount, order);
    if (share.lease?.runsLow(amount) === true && this.#mayAsk() && !this.#isTight()) void this.#ask(amount);
    return share;
  }

  /** The budget was set anew: leases on the old terms take no more calls. */
  retarget(budget: BudgetRecord): void {
    this.#budget = budget;
    for (const lease of this.#leases) this.#drain(lease);
    this.#pump();
  }

  /** The budget was unset: nobody waits for it any more. */
  unset(): void {
    this.#unset = true;
    for (const { end } of this.#waiters.splice(0)) end(unbound);
    this.giveBack();
  }

  /** Everything that no call under way needs. */
  giveBack(): void {
    for (const lease of this.#leases) this.#drain(lease);
  }

  /** To be called when the account changed, and from time to time. */
  tend(): void {
    const nowMs = this.#settings.nowMs();
    const { desk } = this.#settings;
    for (const lease of this.#leases) {
      if (desk.lease(lease.leaseId) === undefined) this.#leases.delete(lease);
      else if (nowMs >= lease.usableUntilMs || (lease.isIdle && nowMs - lease.lastUsedMs > idleMs)) this.#drain(lease);
      else if (lease.draining && lease.isIdle) this.#tell(lease);
    }
    this.#pump();
    if (this.#leases.size > 0 && this.#isTight()) this.giveBack();
  }

  #take(amount: Amount): Share | null {
    const nowMs = this.#settings.nowMs();
    for (const lease of this.#leases) if (lease.take(amount, nowMs)) return this.#share(lease, amount);
    return null;
  }

  #share(lease: HeldLease, amount: Amount): Share {
    const settle = (charge: Amount): void => {
      lease.settle(amount, charge, this.#settings.nowMs());
      this.#pump();
      if (this.#isTight()) this.#drain(lease);
      else if (lease.draining && lease.isIdle) this.#tell(lease);
    };
    return { kind: "share", lease, settle };
  }

  #wait(
    amount: Amount,
    { deadlineAtMs, signal }: Pick<ReserveOrder, "deadlineAtMs" | "signal">,
  ): Promise<Share | Refusal> {
    const { promise, resolve, reject } = Promise.withResolvers<Share | Refusal>();
    const end = (outcome: Share | Refusal | Error): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", lost);
      const at = this.#waiters.indexOf(waiter);
      if (at >= 0) this.#waiters.splice(at, 1);
      if (outcome instanceof Error) reject(outcome);
      else resolve(outcome);
    };
    const waiter: Waiter = { amount, end };
    const lost = (): void =>
      end(new TransientError("partition_lost", "the record is left to the partition's next owner"));
    const timer = setTimeout(() => end(this.#refusal()), Math.max(0, deadlineAtMs - this.#settings.nowMs()));
    signal.addEventListener("abort", lost, { once: true });
    this.#waiters.push(waiter);
    if (signal.aborted) lost();
    this.#pump();
    return promise;
  }

  /** Serves who waits, in order, and sees to what the first of the others needs. */
  #pump(): void {
    for (let first = this.#waiters[0]; first !== undefined; first = this.#waiters[0]) {
      const share = this.#unset ? unbound : this.#take(first.amount);
      if (share !== null) first.end(share);
      else if (!this.#mayAsk()) return;
      else if (this.#canNeverFit(first.amount)) this.#refuse(first);
      else if (this.#fitsNow(first.amount)) return void this.#ask(first.amount);
      else return this.giveBack();
    }
  }

  #refuse({ amount, end }: Waiter): void {
    end(this.#refusal());
    void this.#noteRefusal(amount);
  }

  /** Once a window the log hears of it, as an ask that it refuses: whoever reads the log can tell of it. */
  async #noteRefusal(amount: Amount): Promise<void> {
    const budget = this.#budget;
    const { desk, logger } = this.#settings;
    const { startMs } = desk.account(budget).window;
    if (this.#refusedInMs === startMs) return;
    this.#refusedInMs = startMs;
    try {
      const verdict = await desk.ask(budget, amount, amount);
      if (verdict.kind === "granted") this.#hold(verdict, budget);
    } catch (error) {
      this.#refusedInMs = null;
      logger.warn({ err: error, budget: budget.budget_id }, "a budget's refusal could not be told of");
    }
  }

  #mayAsk(): boolean {
    return !this.#asking && this.#settings.nowMs() >= this.#askAgainAtMs;
  }

  /** However much is given back. */
  #canNeverFit(amount: Amount): boolean {
    if (this.#budget.enforcement === "soft") return false;
    const { limits, spent, window } = this.#settings.desk.account(this.#budget);
    return !fits(amount, lessen(limits, plus(spent, this.#unbooked(window))));
  }

  #fitsNow(amount: Amount): boolean {
    return this.#budget.enforcement === "soft" || fits(amount, this.#settings.desk.account(this.#budget).remaining);
  }

  /** Spent here and not yet in the book. */
  #unbooked({ startMs }: Window): Amount {
    const { desk } = this.#settings;
    const own = [...this.#leases].filter(({ grant }) => grant.window.startMs === startMs);
    return sumOf(own.map(({ leaseId, spent }) => minus(spent, desk.lease(leaseId)?.spent ?? spent)));
  }

  /** A soft budget is not refused, so nothing of it needs to be saved up. */
  #isTight(): boolean {
    if (this.#budget.enforcement === "soft") return false;
    const { limits, remaining } = this.#settings.desk.account(this.#budget);
    return isTight(limits, remaining);
  }

  async #ask(least: Amount): Promise<void> {
    const budget = this.#budget;
    this.#asking = true;
    try {
      const verdict = await this.#settings.desk.ask(budget, this.#wish(least), least);
      if (verdict.kind === "granted") this.#hold(verdict, budget);
      else this.#pumpLater();
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      for (const { end } of this.#waiters.splice(0)) end(failure);
    } finally {
      this.#asking = false;
      this.#pump();
    }
  }

  /** Refused where it seemed to fit: another was faster, or the log's clock is in another window than ours. */
  #pumpLater(): void {
    this.#askAgainAtMs = this.#settings.nowMs() + clockSlackMs;
    setTimeout(() => this.#pump(), clockSlackMs);
  }

  #wish(least: Amount): Amount {
    const { limits, remaining, leases } = this.#settings.desk.account(this.#budget);
    const workers = new Set([...leases.values()].map(({ worker }) => worker)).size + 1;
    const needed = this.#waiters.length === 0 ? least : sumOf(this.#waiters.map(({ amount }) => amount));
    return wishFor({ limits, needed, workers, remaining: this.#budget.enforcement === "soft" ? limits : remaining });
  }

  /** The newest lease pays; those before it are given back as their calls end. */
  #hold(grant: Grant, budget: BudgetRecord): void {
    const nowMs = this.#settings.nowMs();
    this.giveBack();
    const usableUntilMs = Math.min(nowMs + leaseLifeMs, Math.max(grant.window.endMs, nowMs + clockSlackMs));
    const lease = new HeldLease(grant, limitsOf(budget), { nowMs, usableUntilMs });
    this.#leases.add(lease);
    if (this.#unset || budget !== this.#budget) this.#drain(lease);
  }

  #drain(lease: HeldLease): void {
    lease.draining = true;
    this.#tell(lease);
  }

  #tell(lease: HeldLease): void {
    const { desk, logger } = this.#settings;
    const state = lease.untold();
    if (state === null || !this.#leases.has(lease)) return;
    const before = lease.told;
    lease.told = state;
    desk.tell(this.#budget.budget_id, state).catch((error: unknown) => {
      lease.told = before;
      logger.warn({ err: error, budget: this.#budget.budget_id }, "a lease could not be settled, it is tried again");
    });
  }

  #refusal(): Refusal {
    const { window } = this.#settings.desk.account(this.#budget);
    return { kind: "refused", budget: this.#budget, resetsAtMs: window.endMs };
  }
}
