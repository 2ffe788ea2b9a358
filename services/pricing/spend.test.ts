import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { noSpend, spend, usd } from "../../schemas/parts/usage.ts";
import { addSpend } from "./spend.ts";
import { addUsd, Decimal, toUsd } from "./usd.ts";

const usage = {
  input_tokens: 10,
  cached_input_tokens: 4,
  cache_write_tokens: 1,
  output_tokens: 6,
  reasoning_tokens: 2,
};

test("a priced call adds its tokens and its cost", () => {
  const once = addSpend(noSpend, { usage, costUsd: "0.1" });
  assert.deepEqual(once, { calls: 1, input_tokens: 15, output_tokens: 8, cost_usd: "0.1", unpriced_calls: 0 });
  assert.equal(addSpend(once, { usage, costUsd: "0.2" }).cost_usd, "0.3");
});

test("a call of unknown cost leaves the sum and is counted as unpriced", () => {
  assert.deepEqual(addSpend(noSpend, { usage: null, costUsd: null }), {
    calls: 1,
    input_tokens: 0,
    output_tokens: 0,
    cost_usd: null,
    unpriced_calls: 1,
  });
  const mixed = addSpend(addSpend(noSpend, { usage, costUsd: "0.1" }), { usage, costUsd: null });
  assert.equal(mixed.cost_usd, "0.1");
  assert.equal(mixed.unpriced_calls, 1);
  assert.equal(addSpend(mixed, { usage, costUsd: "0" }).unpriced_calls, 1);
});

test("a spend always fits its schema", () => {
  const call = fc.record({
    usage: fc.constantFrom(null, usage),
    costUsd: fc.option(
      fc.bigInt({ min: 0n, max: 10n ** 18n }).map((units) => toUsd(new Decimal(units.toString()).times("1e-12"))),
    ),
  });
  fc.assert(
    fc.property(fc.array(call), (calls) => {
      const total = calls.reduce(addSpend, noSpend);
      assert.ok(spend.safeParse(total).success);
      assert.equal(total.calls, calls.length);
    }),
  );
});

/** Whole 1e-12 dollars, the unit everything is rounded to. */
const units = fc.bigInt({ min: 0n, max: 10n ** 24n });
const asUsd = (count: bigint): string => toUsd(new Decimal(count.toString()).times("1e-12"));

test("adding is exact whatever the amounts and their order", () => {
  fc.assert(
    fc.property(units, units, (left, right) => {
      const sum = addUsd(asUsd(left), asUsd(right));
      assert.equal(sum, asUsd(left + right));
      assert.equal(sum, addUsd(asUsd(right), asUsd(left)));
      assert.ok(usd.safeParse(sum).success);
    }),
  );
});

test("no float artefacts: a hundred thousand dimes are ten thousand dollars", () => {
  let sum = "0";
  for (let dimes = 0; dimes < 100_000; dimes += 1) sum = addUsd(sum, "0.1");
  assert.equal(sum, "10000");
  assert.equal(addUsd("0.1", "0.2"), "0.3");
  assert.equal(addUsd("0.000000000001", "1000000000000"), "1000000000000.000000000001");
});
