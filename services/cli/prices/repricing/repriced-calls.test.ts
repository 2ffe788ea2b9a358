import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { agreed } from "../../../../test/support/negotiated.ts";
import type { FinishedCall } from "../../../ledger/repricing/finished-calls.ts";
import { tariffsOf } from "../../../pricing/tariff.ts";
import { addUsd, Decimal, toUsd } from "../../../pricing/usd.ts";
import { repriced, RepricedSums, repricedTotal } from "./repriced-calls.ts";

const call: FinishedCall = {
  callId: "019a0000-0000-7000-8000-000000000001",
  clientId: "acme",
  provider: "openai",
  model: "gpt-4o",
  servedModel: "gpt-4o-2024-11-20",
  day: "2026-11-22",
  startedAtMs: Date.UTC(2026, 10, 22, 12),
  inputTokens: 1000,
  cachedInputTokens: 100,
  cacheWriteTokens: 0,
  outputTokens: 200,
  reasoningTokens: 10,
  costUsd: "0.004725000000",
  priceVersion: "genai-prices@0.1.8#aaaaaaaaaaaa",
};
const byList = tariffsOf((account) => (account === "openai-eu" ? "openai" : account), agreed());
const byContract = tariffsOf(
  (account) => (account === "openai-eu" ? "openai" : account),
  agreed(
    { provider: "openai", model: "gpt-4o*", input: "2", cached_input: "1", output: "8" },
    { provider: "openai", model: "gpt-4o", account: "openai-eu", input: "3", output: "9" },
  ),
);

const cases: readonly {
  readonly name: string;
  readonly call?: Partial<FinishedCall>;
  readonly tariffOf?: typeof byList;
  readonly costUsd: string | null | undefined;
}[] = [
  // 1,000 x 2.5 + 100 x 1.25 + 210 x 10 = 2,500 + 125 + 2,100
  { name: "at the list it costs what was stamped", costUsd: "0.004725" },
  // 1,000 x 2 + 100 x 1 + 210 x 8 = 2,000 + 100 + 1,680
  { name: "under the contract it costs less", tariffOf: byContract, costUsd: "0.00378" },
  // 1,100 x 3 + 210 x 9 = 3,300 + 1,890
  {
    name: "through an account with its own price, that",
    call: { provider: "openai-eu" },
    tariffOf: byContract,
    costUsd: "0.00519",
  },
  { name: "a call of unknown usage is not priced", call: { inputTokens: null }, costUsd: undefined },
  {
    name: "a model that no table knows any more is of unknown cost",
    call: { model: "gone", servedModel: null },
    costUsd: null,
  },
];

for (const { name, call: more, tariffOf = byList, costUsd } of cases) {
  test(name, () => assert.equal(repriced({ ...call, ...more }, tariffOf)?.costUsd, costUsd));
}

test("the row says both, and by which price each", () => {
  const row = repriced(call, byContract);
  assert.deepEqual([row?.stampedUsd, row?.stampedVersion], ["0.004725", call.priceVersion]);
  assert.match(row?.priceVersion ?? "", /^negotiated#/);
});

test("lines are by day, client and model; what is not known both ways is counted and in no sum", () => {
  const sums = new RepricedSums();
  const calls = [
    call,
    { ...call, callId: "2" },
    { ...call, inputTokens: null, costUsd: null },
    { ...call, inputTokens: null, costUsd: "0" },
    { ...call, costUsd: null },
    { ...call, model: "gone", servedModel: null },
    { ...call, day: "2026-11-21", clientId: "other" },
  ];
  for (const one of calls) sums.add(one, repriced(one, byContract));
  const line = { provider: "openai", model: "gpt-4o", unknown_calls: 0 };
  assert.deepEqual(
    sums.lines(),
    [
      {
        ...line,
        client: "other",
        day: "2026-11-21",
        calls: 1,
        old_usd: "0.004725",
        new_usd: "0.00378",
        difference_usd: "-0.000945",
      },
      {
        ...line,
        client: "acme",
        day: "2026-11-22",
        model: "gone",
        calls: 1,
        unknown_calls: 1,
        old_usd: "0",
        new_usd: "0",
        difference_usd: "0",
      },
      {
        ...line,
        client: "acme",
        day: "2026-11-22",
        calls: 5,
        unknown_calls: 2,
        old_usd: "0.00945",
        new_usd: "0.00756",
        difference_usd: "-0.00189",
      },
    ].toSorted((left, right) =>
      JSON.stringify([left.day, left.client, left.provider, left.model]) <
      JSON.stringify([right.day, right.client, right.provider, right.model])
        ? -1
        : 1,
    ),
  );
  assert.deepEqual(repricedTotal(sums.lines()), {
    calls: 7,
    unknown_calls: 3,
    old_usd: "0.014175",
    new_usd: "0.01134",
    difference_usd: "-0.002835",
  });
});

test("law: the difference of all is the sum of the differences, and under the same prices it is nothing", () => {
  const anyCall = fc.record({
    clientId: fc.constantFrom("a", "b"),
    model: fc.constantFrom("gpt-4o", "gpt-4o-mini"),
    inputTokens: fc.nat(1_000_000),
    outputTokens: fc.nat(100_000),
  });
  fc.assert(
    fc.property(fc.array(anyCall), (many) => {
      const stamped = many.map((more) => {
        const unstamped = { ...call, ...more, servedModel: null };
        return { ...unstamped, costUsd: repriced(unstamped, byList)?.costUsd ?? assert.fail() };
      });
      const totalUnder = (tariffOf: typeof byList) => {
        const sums = new RepricedSums();
        for (const one of stamped) sums.add(one, repriced(one, tariffOf));
        return repricedTotal(sums.lines());
      };
      assert.equal(totalUnder(byList).difference_usd, "0");
      const { old_usd: old, new_usd: fresh, difference_usd: difference } = totalUnder(byContract);
      assert.equal(difference, toUsd(new Decimal(fresh).minus(old)));
      const stampedSum = stamped.map(({ costUsd }) => costUsd).reduce(addUsd, "0");
      assert.equal(old, stampedSum);
    }),
  );
});
