import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { test } from "node:test";
import fc from "fast-check";
import type { BudgetRecord } from "../../../schemas/control/budget.ts";
import { LeaseLog, sampleBudget, type BudgetProcess } from "../../../test/support/lease-log.ts";
import { nothing, type Amount } from "../../budgets/amount.ts";
import { Decimal } from "../../pricing/usd.ts";
import { TransientError } from "../../runtime/errors.ts";
import type { ReserveOrder, Reserved } from "./reservation.ts";

const version = "0123456789abcdef";

function usd(amount: number | string, tokens = 0): Amount {
  return { usd: new Decimal(amount), tokens };
}

function order(worst: Amount, more: Partial<ReserveOrder> = {}): ReserveOrder {
  return {
    task: { client_id: "acme", harness: { name: "summarise", version } },
    worst: () => worst,
    spent: () => nothing,
    deadlineAtMs: Date.UTC(2026, 11, 10),
    signal: new AbortController().signal,
    ...more,
  };
}

async function reserve({ budgets }: BudgetProcess, worst: Amount, more: Partial<ReserveOrder> = {}) {
  return await budgets.reserve(order(worst, more));
}

function granted(reserved: Reserved) {
  assert.equal(reserved.kind, "reserved");
  return reserved.kind === "reserved" ? reserved.reservation : assert.fail();
}

/** Enough turns of the event loop for every write and reading in memory. */
async function settle(): Promise<void> {
  for (let turns = 0; turns < 10; turns++) await turn();
}

function account(log: LeaseLog, budget: BudgetRecord = sampleBudget()): string {
  const { spent, held } = log.book().account(budget, log.nowMs);
  return `${spent.usd.toString()} spent, ${held.usd.toString()} held`;
}

test("a run that no budget is for reserves nothing, at once, and its worst case is not even asked for", async () => {
  const log = new LeaseLog();
  const { budgets } = await log.process("a", [sampleBudget({ scope: { client_id: "other" } })]);
  const reserved = budgets.reserve({ ...order(usd(1)), worst: () => assert.fail() });
  assert.ok(!(reserved instanceof Promise));
  assert.deepEqual(granted(reserved).leaseIds, []);
  assert.equal(log.records.length, 0);
});

test("far from the limit one lease pays many calls, and what they cost is what is spent", async () => {
  const log = new LeaseLog();
  const process = await log.process("a", [sampleBudget({ limit_usd: "100" })]);
  for (let call = 0; call < 20; call++) granted(await reserve(process, usd("0.02"))).settle(usd("0.01"));
  assert.deepEqual(
    log.records.map(({ record }) => record.kind),
    ["lease.asked"],
  );
  assert.equal(account(log), "0 spent, 1 held");
  process.budgets.giveBack();
  await settle();
  assert.equal(account(log), "0.2 spent, 0 held");
});

test("the next lease is asked for before the last one is used up: no call waits", async () => {
  const log = new LeaseLog();
  const process = await log.process("a", [sampleBudget({ limit_usd: "100" })]);
  granted(await reserve(process, usd("0.05"))).settle(usd("0.05"));
  for (let call = 0; call < 100; call++) {
    const reserved = process.budgets.reserve(order(usd("0.05")));
    assert.ok(!(reserved instanceof Promise), `call ${call}`);
    granted(reserved).settle(usd("0.05"));
    await settle();
  }
  process.budgets.giveBack();
  await settle();
  assert.equal(account(log), "5.05 spent, 0 held");
});

test("that it refuses stands on the log, once a window and process, and holds nothing", async () => {
  const log = new LeaseLog();
  const process = await log.process("a", [sampleBudget()]);
  const refusals = (): number => log.book().account(sampleBudget(), log.nowMs).refusals;
  granted(await reserve(process, usd(1))).settle(usd(1));
  await settle();
  assert.equal(refusals(), 0);
  for (let call = 0; call < 5; call++) assert.equal((await reserve(process, usd(11))).kind, "refused");
  await settle();
  assert.equal(refusals(), 1);
  log.nowMs += 24 * 3_600_000;
  assert.equal((await reserve(process, usd(11))).kind, "refused");
  await settle();
  assert.equal(refusals(), 1, "of the next day");
  process.budgets.giveBack();
  await settle();
  assert.equal(account(log), "0 spent, 0 held");
});

test("a call that can never fit is refused at once, with the budget and when it resets", async () => {
  const log = new LeaseLog();
  const process = await log.process("a", [sampleBudget()]);
  granted(await reserve(process, usd(9))).settle(usd(9));
  await settle();
  const refused = await reserve(process, usd("1.5"));
  assert.deepEqual(refused, { kind: "refused", budget: sampleBudget(), resetsAtMs: Date.UTC(2026, 10, 23) });
  assert.equal(granted(await reserve(process, usd(1))).waited, true);
});

test("a call that reservations stand in the way of waits for them, in this process and in another", async () => {
  const log = new LeaseLog();
  const [a, b] = [await log.process("a", [sampleBudget()]), await log.process("b", [sampleBudget()])];
  const first = granted(await reserve(a, usd(6)));
  const second = granted(await reserve(a, usd(4)));
  const waiting = [reserve(a, usd(5)), reserve(b, usd(3))];
  await settle();
  assert.equal(account(log), "0 spent, 10 held");
  first.settle(usd(1));
  second.settle(usd(1));
  for (const reserved of await Promise.all(waiting)) granted(reserved).settle(usd(1));
  await settle();
  assert.equal(account(log), "4 spent, 0 held");
});

test("the wait ends with the run's deadline as a refusal, and with a lost partition as a TransientError", async () => {
  const log = new LeaseLog();
  const process = await log.process("a", [sampleBudget()]);
  const held = granted(await reserve(process, usd(10)));
  const late = await reserve(process, usd(1), { deadlineAtMs: log.nowMs + 5 });
  assert.equal(late.kind, "refused");
  const lost = new AbortController();
  const waiting = reserve(process, usd(1), { signal: lost.signal });
  lost.abort();
  await assert.rejects(waiting, TransientError);
  held.settle(nothing);
  await settle();
  assert.equal(account(log), "0 spent, 0 held");
});

test("a call under two budgets keeps to both, and one that the second refuses gives the first its part back", async () => {
  const log = new LeaseLog();
  const client = sampleBudget();
  const harness = sampleBudget({ budget_id: "harness=summarise/day", scope: { harness: "summarise" }, limit_usd: "1" });
  const process = await log.process("a", [client, harness]);
  const both = granted(await reserve(process, usd(1)));
  assert.equal(both.leaseIds.length, 2);
  both.settle(usd(1));
  await settle();
  const refused = await reserve(process, usd("0.5"));
  assert.equal(refused.kind === "refused" && refused.budget.budget_id, "harness=summarise/day");
  process.budgets.giveBack();
  await settle();
  assert.equal(account(log, client), "1 spent, 0 held");
  assert.equal(account(log, harness), "1 spent, 0 held");
});

test("a soft budget refuses nothing; beyond it each call says so, and a warning is logged once", async () => {
  const log = new LeaseLog();
  const budget = sampleBudget({ enforcement: "soft", limit_usd: "1" });
  const process = await log.process("a", [budget]);
  const first = granted(await reserve(process, usd("0.9")));
  assert.deepEqual(first.exceeded, []);
  first.settle(usd("0.9"));
  for (let call = 0; call < 3; call++) {
    const beyond = granted(await reserve(process, usd("0.5")));
    assert.deepEqual(beyond.exceeded, [{ budget, resetsAtMs: Date.UTC(2026, 10, 23) }]);
    beyond.settle(usd("0.5"));
  }
  assert.deepEqual(log.warnings, [{ budget: budget.budget_id }]);
});

test("a raised budget lets in who waits, an unset one everybody, a lowered one nobody", async () => {
  const log = new LeaseLog();
  const process = await log.process("a", [sampleBudget()]);
  const held = granted(await reserve(process, usd(10)));
  const waiting = reserve(process, usd(5));
  process.budgets.set(sampleBudget({ revision: 2, limit_usd: "20" }));
  granted(await waiting).settle(usd(5));
  await settle();
  process.budgets.set(sampleBudget({ revision: 3, limit_usd: "4" }));
  assert.equal((await reserve(process, usd(1))).kind, "refused");
  process.budgets.set(sampleBudget({ revision: 4, limit_usd: "15" }));
  const last = reserve(process, usd(5));
  process.budgets.unset("client=acme/day");
  assert.deepEqual(granted(await last).leaseIds, []);
  held.settle(usd(10));
  await settle();
  assert.equal(account(log), "15 spent, 0 held");
});

test("a new day's calls are paid from the new day, and yesterday's lease is given back", async () => {
  const log = new LeaseLog();
  const process = await log.process("a", [sampleBudget({ limit_usd: "100" })]);
  granted(await reserve(process, usd(1))).settle(usd(1));
  log.nowMs += 86_400_000;
  granted(await reserve(process, usd("0.5"))).settle(usd("0.25"));
  process.budgets.tend();
  process.budgets.giveBack();
  await settle();
  assert.equal(account(log), "0.25 spent, 0 held");
});

test("what is idle goes back after a while", async () => {
  const log = new LeaseLog();
  const process = await log.process("a", [sampleBudget({ limit_usd: "100" })]);
  granted(await reserve(process, usd("0.01"))).settle(usd("0.01"));
  assert.equal(account(log), "0 spent, 1 held");
  log.nowMs += 11_000;
  process.budgets.tend();
  await settle();
  assert.equal(account(log), "0.01 spent, 0 held");
});

test("a call without a price counts in tokens alone", async () => {
  const log = new LeaseLog();
  const process = await log.process("a", [sampleBudget({ limit_usd: "0" })]);
  assert.deepEqual(granted(await reserve(process, usd(0, 500))).leaseIds, []);
  process.budgets.set(sampleBudget({ revision: 2, limit_usd: "0", limit_tokens: 400 }));
  assert.equal((await reserve(process, usd(0, 500))).kind, "refused");
});

test("an ask that the broker does not take is an error for who waits, and the next one is asked anew", async () => {
  const log = new LeaseLog();
  const process = await log.process("a", [sampleBudget()]);
  log.refuse = () => {
    throw new TransientError("broker_unavailable", "no broker");
  };
  await assert.rejects(reserve(process, usd(1)), TransientError);
  log.refuse = () => undefined;
  granted(await reserve(process, usd(1)));
});

test("a run's own budget counts what the run has spent, hard or soft, without any lease", async () => {
  const log = new LeaseLog();
  const run = sampleBudget({ budget_id: "client=acme/run", window: "run", limit_usd: "1" });
  const process = await log.process("a", [run]);
  assert.equal((await reserve(process, usd("0.6"), { spent: () => usd("0.4") })).kind, "reserved");
  const refused = await reserve(process, usd("0.7"), { spent: () => usd("0.4") });
  assert.deepEqual(refused, { kind: "refused", budget: run, resetsAtMs: null });
  const soft: BudgetRecord = { ...run, enforcement: "soft" };
  process.budgets.set(soft);
  const beyond = granted(await reserve(process, usd("0.7"), { spent: () => usd("0.4") }));
  assert.deepEqual(beyond.exceeded, [{ budget: soft, resetsAtMs: null }]);
  assert.equal(log.records.length, 0);
});

/** What happens next: a call of some process reserves, one of those under way ends, time passes, the budget changes. */
const events = fc.array(
  fc.record({
    what: fc.constantFrom("call", "call", "call", "end", "end", "time", "limit"),
    who: fc.nat(2),
    cents: fc.integer({ min: 1, max: 400 }),
    part: fc.integer({ min: 0, max: 100 }),
  }),
  { minLength: 5, maxLength: 80 },
);

test("law: with any number of processes spent and reserved never pass the limit, and nothing leaks", async () => {
  await fc.assert(
    fc.asyncProperty(events, fc.constantFrom("5", "10", "300"), async (happenings, limit) => {
      const log = new LeaseLog();
      let budget = sampleBudget({ limit_usd: limit });
      const processes = await Promise.all(["a", "b", "c"].map((worker) => log.process(worker, [budget])));
      const underWay: { worst: Amount; settle: (charge: Amount) => void }[] = [];
      const asked: Promise<void>[] = [];
      let spent = new Decimal(0);
      const end = (part: number): void => {
        const call = underWay.shift();
        if (call === undefined) return;
        const charge = { usd: call.worst.usd.times(part).dividedBy(100), tokens: 0 };
        spent = spent.plus(charge.usd);
        call.settle(charge);
      };
      let most = new Decimal(limit);
      for (const { what, who, cents, part } of happenings) {
        const process = processes[who] ?? assert.fail();
        if (what === "call") {
          const worst = usd((cents / 100).toFixed(2));
          const got = reserve(process, worst).then((reserved) => {
            if (reserved.kind === "refused") return;
            underWay.push({ worst, settle: reserved.reservation.settle });
            const reserving = underWay.reduce((sum, call) => sum.plus(call.worst.usd), spent);
            assert.ok(reserving.lessThanOrEqualTo(most), `${reserving.toString()} of ${most.toString()}`);
          });
          asked.push(got);
        } else if (what === "end") end(part);
        else if (what === "time") {
          log.nowMs += 4000;
          for (const { budgets } of processes) budgets.tend();
        } else {
          budget = { ...budget, revision: budget.revision + 1, limit_usd: String(cents) };
          most = Decimal.max(most, cents);
          for (const { budgets } of processes) budgets.set(budget);
        }
        await settle();
      }
      for (const { budgets } of processes)
        budgets.set({ ...budget, revision: budget.revision + 1, limit_usd: "1000000" });
      most = new Decimal(1_000_000);
      for (let rounds = 0; rounds < 100; rounds++) {
        log.nowMs += 300;
        for (const { budgets } of processes) budgets.tend();
        await settle();
      }
      await Promise.race([Promise.all(asked), settle().then(() => assert.fail("somebody waits for ever"))]);
      while (underWay.length > 0) end(100);
      for (const { budgets } of processes) budgets.giveBack();
      await settle();
      const { held, spent: booked } = log.book().account(budget, log.nowMs);
      assert.deepEqual([held.usd.toString(), booked.usd.toString()], ["0", spent.toString()]);
    }),
    { numRuns: 60 },
  );
});
