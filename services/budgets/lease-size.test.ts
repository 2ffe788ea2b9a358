import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Decimal } from "../pricing/usd.ts";
import { amountRecord, fits, type Limits } from "./amount.ts";
import { isTight, wishFor } from "./lease-size.ts";

const limit = (usd: number | null, tokens: number | null = null): Limits => ({
  usd: usd === null ? null : new Decimal(usd),
  tokens,
});

const cases: readonly {
  readonly name: string;
  readonly limits: Limits;
  readonly remaining: Limits;
  readonly workers?: number;
  readonly wish: { readonly usd: string; readonly tokens: number };
}[] = [
  {
    name: "far from the limit: one percent of it",
    limits: limit(100),
    remaining: limit(90),
    wish: { usd: "1", tokens: 50 },
  },
  {
    name: "with many processes: what is left is enough for four leases each",
    limits: limit(100),
    remaining: limit(20),
    workers: 10,
    wish: { usd: "0.5", tokens: 50 },
  },
  { name: "near the limit: what is needed", limits: limit(100), remaining: limit(5), wish: { usd: "0.2", tokens: 50 } },
  {
    name: "a call dearer than a share: what it needs",
    limits: limit(10),
    remaining: limit(9),
    wish: { usd: "0.2", tokens: 50 },
  },
  {
    name: "tokens by their own limit, whole ones",
    limits: limit(null, 9999),
    remaining: limit(null, 9000),
    wish: { usd: "0.2", tokens: 99 },
  },
];

for (const { name, limits, remaining, workers = 1, wish } of cases) {
  test(name, () => {
    const needed = { usd: new Decimal("0.2"), tokens: 50 };
    assert.deepEqual(amountRecord(wishFor({ limits, remaining, needed, workers })), wish);
  });
}

test("a limit of nothing, and one that is passed, are tight", () => {
  assert.equal(isTight(limit(0), limit(0)), true);
  assert.equal(isTight(limit(10), limit(-1)), true);
  assert.equal(isTight(limit(null), limit(null)), false);
});

test("law: a wish is never less than what is needed, and beyond that at most a hundredth of the limit", () => {
  const cents = fc.integer({ min: 0, max: 100_000 }).map((value) => new Decimal(value).dividedBy(100));
  fc.assert(
    fc.property(cents, cents, cents, fc.integer({ min: 1, max: 50 }), (most, left, usd, workers) => {
      const needed = { usd, tokens: 7 };
      const wish = wishFor({
        limits: { usd: most, tokens: null },
        remaining: { usd: left, tokens: null },
        needed,
        workers,
      });
      assert.ok(fits(needed, wish));
      assert.ok(wish.usd.lessThanOrEqualTo(Decimal.max(usd, most.dividedBy(100))));
    }),
  );
});
