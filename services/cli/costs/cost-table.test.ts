import assert from "node:assert/strict";
import { test } from "node:test";
import type { CostLine } from "../../ledger/costs.ts";
import { renderTable } from "../table.ts";
import { costTotals } from "../../ledger/cost-reports/costs-document.ts";
import { costTable, coverage } from "./cost-table.ts";

function line(fields: Partial<CostLine>): CostLine {
  return {
    by: ["summarise", "gpt-4o", "acme"],
    calls: 10,
    runs: 9,
    failedCalls: 0,
    inFlight: 0,
    orphans: 0,
    callsWithCost: 10,
    inputTokens: 1000,
    outputTokens: 200,
    costUsd: "0.1",
    boundLowUsd: "0.1",
    boundHighUsd: "0.1",
    unboundedCalls: 0,
    ...fields,
  };
}

test("sums are exact, to the twelfth digit", () => {
  const totals = costTotals([line({ costUsd: "0.1" }), line({ costUsd: "0.2" }), line({ costUsd: "0.000000000001" })]);
  assert.equal(totals.costUsd, "0.300000000001");
  assert.equal(totals.calls, 30);
});

test("a sum of nothing known is unknown, not zero", () => {
  assert.equal(costTotals([line({ costUsd: null })]).costUsd, null);
  assert.equal(costTotals([line({ costUsd: null }), line({ costUsd: "1" })]).costUsd, "1");
});

test("coverage is never rounded up to all", () => {
  assert.equal(coverage({ calls: 10_000, callsWithCost: 9_999 }), "99.9 %");
  assert.equal(coverage({ calls: 3, callsWithCost: 3 }), "100 %");
  assert.equal(coverage({ calls: 0, callsWithCost: 0 }), "-");
});

test("the table shows each line with its bounds, unknown values as such, and totals when there are several", () => {
  const lines = [
    line({ calls: 1204 }),
    line({
      by: ["summarise", null, "acme"],
      costUsd: null,
      orphans: 2,
      callsWithCost: 8,
      boundLowUsd: "0.01",
      boundHighUsd: null,
    }),
  ];
  const by = ["harness", "model", "client"] as const;
  const text = renderTable(costTable(by, lines)).text.split("\n");
  assert.match(
    text[0] ?? "",
    /^harness +model +client +calls +input +output +cost USD +orphans +at least +at most +priced$/,
  );
  assert.match(text[2] ?? "", /^summarise +gpt-4o +acme +1,204 +1,000 +200 +0\.1 +0 +0\.1 +0\.1 +0\.8 %$/);
  assert.match(text[3] ?? "", /^summarise +- +acme +10 +1,000 +200 +unknown +2 +0\.01 +- +80 %$/);
  assert.match(text[5] ?? "", /^total +1,214 +2,000 +400 +0\.1 +2 +1\.4 %$/);
});

test("bounds that say the cost again have no column, and one line needs no total", () => {
  const text = renderTable(costTable(["harness"], [line({ by: ["summarise"] })]), 80).text.split("\n");
  assert.equal(text[0], "harness    calls  input  output  cost USD  orphans  priced");
  assert.equal(text.length, 3);
});
