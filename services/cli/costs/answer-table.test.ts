/** Answers as tables: how figures are written, and what is summed up. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { latencyFigures } from "../../ledger/questions/latency.ts";
import { moversFigures } from "../../ledger/questions/movers.ts";
import { renderTable } from "../table.ts";
import { answerTable } from "./answer-table.ts";

const mover = {
  feature: "chat",
  cost_usd: "1.5",
  before_usd: "1",
  change_usd: "0.5",
  change_share: 0.5,
  calls: 1200,
  calls_before: 800,
  calls_with_cost: 1200,
  calls_with_cost_before: 800,
};

test("money, counts and shares are written as such, unknown as such, and what adds up is added up", () => {
  const unknown = { ...mover, feature: null, cost_usd: null, change_usd: null, change_share: null };
  const lines = renderTable(answerTable(moversFigures, { by: ["feature"], rows: [mover, unknown] })).text.split("\n");
  assert.match(lines[0] ?? "", /^feature +cost USD +before +change +change % +calls +calls before/);
  assert.match(lines[2] ?? "", /^chat +1\.5 +1 +0\.5 +50 % +1,200 +800/);
  assert.match(lines[3] ?? "", /^- +unknown +1 +unknown +- +1,200 +800/);
  assert.match(lines[5] ?? "", /^total +1\.5 +2 +0\.5 +2,400 +1,600/);
});

test("one row needs no total, and times have their unit in the head", () => {
  const row = { model: "gpt-4o", calls: 3, p50_ms: 1023, first_token_p50_ms: null };
  const lines = renderTable(answerTable(latencyFigures, { by: ["model"], rows: [row] })).text.split("\n");
  assert.match(lines[0] ?? "", /^model +calls +first p50 ms/);
  assert.match(lines[2] ?? "", /^gpt-4o +3 +- .* 1,023/);
  assert.equal(lines.length, 3);
});
