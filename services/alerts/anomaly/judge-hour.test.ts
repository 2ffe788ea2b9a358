import assert from "node:assert/strict";
import { test } from "node:test";
import { Decimal, toUsd } from "../../pricing/usd.ts";
import { hourMs, judgeHour, type Hours } from "./judge-hour.ts";
import { spendAlerts } from "./spend-alerts.ts";

/** A Sunday, noon. */
const now = Date.UTC(2026, 10, 22, 12);
const five = new Decimal(5);

/** By how many hours ago. */
function hoursOf(costOf: (ago: number) => number | null, length: number): Hours {
  return new Map(
    Array.from({ length }, (_, ago): [number, number | null] => [now - ago * hourMs, costOf(ago)]).flatMap(
      ([startMs, cost]) => (cost === null ? [] : [[startMs, new Decimal(cost)] as const]),
    ),
  );
}

const weeks = 5 * 7 * 24;
const steady = (latest: number) => (ago: number) => (ago === 0 ? latest : 10 + (ago % 3));

const cases: readonly {
  readonly name: string;
  readonly hours: Hours;
  readonly says: "usual" | "anomaly" | "unknown";
  readonly compared?: string;
}[] = [
  { name: "an hour like the others", hours: hoursOf(steady(12), weeks), says: "usual" },
  { name: "three times the usual is still usual", hours: hoursOf(steady(33), weeks), says: "usual" },
  {
    name: "four times the usual is not",
    hours: hoursOf(steady(44), weeks),
    says: "anomaly",
    compared: "same_hours_of_weeks",
  },
  { name: "less than usual is never told of", hours: hoursOf(steady(0), weeks), says: "usual" },
  {
    name: "ten times nearly nothing is not worth a word",
    hours: hoursOf((ago) => (ago === 0 ? 1 : 0.1), weeks),
    says: "usual",
  },
  {
    name: "a peak that comes every week at this hour is usual",
    hours: hoursOf((ago) => (ago % 168 === 0 ? 100 : 1), weeks),
    says: "usual",
  },
  {
    name: "the same peak on another day is not",
    hours: hoursOf((ago) => (ago === 0 || ago % 168 === 48 ? 100 : 1), weeks),
    says: "anomaly",
  },
  {
    name: "a peak that came once in four weeks does not hide another",
    hours: hoursOf((ago) => (ago === 0 || ago === 168 ? 100 : 1), weeks),
    says: "anomaly",
  },
  {
    name: "hours without a call cost nothing, and count",
    hours: hoursOf((ago) => (ago === 0 || ago === weeks - 1 ? 6 : null), weeks),
    says: "anomaly",
  },
  { name: "a client of three days is not known well enough", hours: hoursOf(steady(500), 72), says: "unknown" },
  {
    name: "one of five days is compared with those",
    hours: hoursOf(steady(500), 5 * 24 + 2),
    says: "anomaly",
    compared: "same_hours_of_days",
  },
  {
    name: "its nightly job is usual from then on",
    hours: hoursOf((ago) => (ago % 24 === 0 ? 100 : 1), 5 * 24 + 2),
    says: "usual",
  },
  { name: "of nothing nothing is known", hours: new Map(), says: "unknown" },
];

for (const { name, hours, says, compared } of cases) {
  test(`${name}: ${says}`, () => {
    const verdict = judgeHour(hours, now, five);
    assert.equal(verdict === null ? "unknown" : verdict.isAnomaly ? "anomaly" : "usual", says);
    if (compared !== undefined) assert.equal(verdict?.compared, compared);
  });
}

test("the bound is the highest of the four, worked out by hand", () => {
  // The same hours of four weeks and those around: 8 and 12 eight times, 10 four times. Median 10, MAD 2 x 1.4826 x 8 = 23.7216.
  const hours = hoursOf((ago) => [10, 12, 8][((ago % 168) + 3) % 3] ?? null, weeks);
  const verdict = judgeHour(hours, now, five);
  assert.deepEqual([verdict?.usual.toNumber(), verdict && toUsd(verdict.bound)], [10, "33.7216"]);
});

test("a surge is told of once, in its first hour, however often and late one looks", () => {
  const surge = hoursOf((ago) => (ago < 3 ? 400 : 10), weeks);
  const alertsAt = (atMs: number) =>
    spendAlerts({ of: { client_id: "acme" }, hours: surge }, { atMs, leastExcess: five });
  const first = alertsAt(now - 2 * hourMs + 60_000);
  assert.deepEqual(
    first.map(({ hour_start_ms: start, of, spent_usd, usual_usd }) => [start, of, spent_usd, usual_usd]),
    [[now - 2 * hourMs, { client_id: "acme" }, "400", "10"]],
  );
  assert.deepEqual(
    alertsAt(now - hourMs).map(({ alert_id: id }) => id),
    first.map(({ alert_id: id }) => id),
    "the hour after, the same alert",
  );
  assert.deepEqual(alertsAt(now), [], "and then none");
});

test("a client and a harness of one name are told apart", () => {
  const hours = hoursOf(steady(500), weeks);
  const ids = [{ client_id: "x" }, { harness: "x" }].map(
    (of) => spendAlerts({ of, hours }, { atMs: now, leastExcess: five })[0]?.alert_id,
  );
  assert.notEqual(ids[0], ids[1]);
});
