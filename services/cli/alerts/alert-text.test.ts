import assert from "node:assert/strict";
import { test } from "node:test";
import { alertRecord, spendAnomalyAlert } from "../../../schemas/control/alert.ts";
import { exampleValue } from "../../../test/contract/examples.ts";
import { alertSentence, alertTable } from "./alert-text.ts";

const alertOf = (name: string) => alertRecord.parse(exampleValue("harness-alerts", name));

const sentences: readonly (readonly [string, string])[] = [
  ["budget-threshold", "80 % of client=acme/month is spent: $200.4031 of $250"],
  ["budget-refusing", "all/day turns calls away until 2026-11-21: 1999120 of 2000000 tokens"],
  [
    "spend-anomaly",
    "harness summarise spent $41.25 in the hour of 2026-11-20T09h; such hours cost $6.5, the bound is $17.12",
  ],
];
for (const [name, sentence] of sentences) test(sentence, () => assert.equal(alertSentence(alertOf(name)), sentence));

test("a surge of a client names the client", () => {
  const surge = spendAnomalyAlert.parse(exampleValue("harness-alerts", "spend-anomaly"));
  assert.match(alertSentence({ ...surge, of: { client_id: "acme" } }), /^client acme spent/);
});

test("the table says when, of what kind, and what", () => {
  const { rows } = alertTable([alertOf("budget-threshold")]);
  assert.deepEqual(rows, [["2026-11-20 09:30:00", "budget.threshold", sentences[0]?.[1]]]);
});
