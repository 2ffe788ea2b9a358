/**
 * How often the rule cries wolf, and how much it sees: hours of made-up clients
 * over ten weeks, from a seed, with days, weekends, growth, noise, nightly jobs
 * and busy hours that come by chance; then the same hours with surges put in.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Decimal } from "../../pricing/usd.ts";
import { hourMs, judgeHour, type Hours } from "./judge-hour.ts";
import { spendAlerts } from "./spend-alerts.ts";

const start = Date.UTC(2026, 8, 7);
const weeks = 10;
const leastExcess = new Decimal(5);

/** mulberry32: small, seeded, good enough to make noise. */
function noiseOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Client {
  readonly name: string;
  /** Dollars of a weekday's noon. */
  readonly scale: number;
  /** Of the logarithm of an hour's cost. */
  readonly sigma: number;
  /** A batch each night, dollars. */
  readonly job: number;
}

const clients: readonly Client[] = [5, 50, 500].flatMap((scale) =>
  [0.2, 0.5, 0.8].flatMap((sigma) =>
    [0, scale * 20].map((job) => ({ name: `$${scale} sigma ${sigma} job ${job}`, scale, sigma, job })),
  ),
);

function hoursOf({ scale, sigma, job }: Client, random: () => number): Map<number, Decimal> {
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const hours = new Map<number, Decimal>();
  for (let index = 0; index < weeks * 168; index += 1) {
    const [hour, day] = [index % 24, Math.floor(index / 24) % 7];
    const byDay = 0.15 + Math.max(0, Math.sin(((hour - 6) / 14) * Math.PI));
    const byWeek = (day >= 5 ? 0.3 : 1) * 1.02 ** (index / 168);
    const busy = random() < 0.002 ? 1.8 : 1;
    const cost =
      scale * byDay * byWeek * busy * Math.exp(sigma * normal()) + (hour === 2 ? job * (0.8 + 0.4 * random()) : 0);
    hours.set(start + index * hourMs, new Decimal(cost.toFixed(6)));
  }
  return hours;
}

/** Alerts over all hours, as if each had been looked at when it was over. */
function alarms(hours: Hours): number {
  const ids = new Set<string>();
  for (const startMs of hours.keys())
    for (const { alert_id: id } of spendAlerts({ of: { client_id: "c" }, hours }, { atMs: startMs, leastExcess }))
      ids.add(id);
  return ids.size;
}

test("false alarms are rare whatever a client's size, noise and nightly jobs", (t) => {
  const random = noiseOf(7);
  const found = new Map<number, number>();
  for (const client of clients) {
    const count = alarms(hoursOf(client, random));
    found.set(client.sigma, (found.get(client.sigma) ?? 0) + count);
  }
  const hoursEach = (clients.length / 3) * weeks * 168;
  for (const [sigma, count] of found) {
    const perYear = (count / hoursEach) * 24 * 365;
    t.diagnostic(`sigma ${sigma}: ${count} in ${hoursEach} hours, ${perYear.toFixed(1)} a client and year`);
  }
  const rates = [0.2, 0.5, 0.8].map((sigma) => (found.get(sigma) ?? 0) / hoursEach);
  assert.equal(rates[0], 0, "steady clients");
  assert.ok((rates[1] ?? 1) < 2e-3, "clients whose hours vary by half");
  assert.ok((rates[2] ?? 1) < 1e-2, "clients whose hours vary by nearly all");
});

test("surges in busy hours are seen, the larger the surer", (t) => {
  const shares = [3, 5, 10].map((factor) => {
    const random = noiseOf(11);
    const seen = clients
      .filter(({ sigma }) => sigma <= 0.5)
      .map((client) => {
        const hours = hoursOf(client, random);
        const busy = [...hours.keys()].filter((startMs) => {
          const index = (startMs - start) / hourMs;
          return index > 5 * 168 && index % 24 >= 9 && index % 24 < 17 && index % 37 === 0;
        });
        const caught = busy.filter((startMs) => {
          const surged = new Map(hours).set(startMs, (hours.get(startMs) ?? new Decimal(0)).times(factor));
          return judgeHour(surged, startMs, leastExcess)?.isAnomaly === true;
        });
        return { busy: busy.length, caught: caught.length };
      });
    const sum = (of: "busy" | "caught"): number => seen.reduce((total, one) => total + one[of], 0);
    t.diagnostic(`${factor} times: ${sum("caught")} of ${sum("busy")} seen`);
    return sum("caught") / sum("busy");
  });
  assert.deepEqual(
    shares,
    shares.toSorted((left, right) => left - right),
  );
  assert.ok((shares[1] ?? 0) > 0.6 && (shares[2] ?? 0) > 0.9, shares.join(", "));
});
