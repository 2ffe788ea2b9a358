/** The ledger against a report: what agrees, what differs and by how much, and what stands on one side only. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { LedgerUsage } from "../../ledger/provider-usage.ts";
import { compareUsage } from "./compare.ts";
import type { ReportedUsage } from "./usage-export.ts";

const tokens = { inputTokens: 100, cachedInputTokens: 20, cacheWriteTokens: 0, outputTokens: 50 };

function own(changes: Partial<LedgerUsage> = {}): LedgerUsage {
  return { day: "2026-11-01", provider: "openai", model: "m", calls: 4, unknownCalls: 0, ...tokens, ...changes };
}

function theirs(changes: Partial<ReportedUsage> = {}): ReportedUsage {
  return { day: "2026-11-01", model: "m", requests: 4, ...tokens, ...changes };
}

function verdicts(ledger: readonly LedgerUsage[], reported: readonly ReportedUsage[]): string[] {
  return compareUsage(ledger, reported).map(({ day, model, verdict }) => `${day} ${model} ${verdict}`);
}

test("the same calls and tokens agree", () => {
  assert.deepEqual(verdicts([own()], [theirs()]), ["2026-11-01 m equal"]);
});

test("a report that counts no requests is held to its tokens alone", () => {
  const [line] = compareUsage([own()], [theirs({ requests: null })]);
  assert.deepEqual([line?.verdict, line?.difference.calls], ["equal", null]);
});

test("a token more in any bucket differs, by that token", () => {
  for (const field of ["inputTokens", "cachedInputTokens", "cacheWriteTokens", "outputTokens"] as const) {
    const [line] = compareUsage([own()], [theirs({ [field]: tokens[field] + 1 })]);
    assert.deepEqual([line?.verdict, line?.difference[field]], ["differs", 1], field);
  }
});

test("a request more differs though the tokens agree", () => {
  const [line] = compareUsage([own()], [theirs({ requests: 5 })]);
  assert.deepEqual([line?.verdict, line?.difference.calls], ["differs", 1]);
});

test("calls of unknown usage do not explain a difference away; they stand beside it", () => {
  const [line] = compareUsage([own({ unknownCalls: 1 })], [theirs({ requests: 5, inputTokens: 130 })]);
  assert.deepEqual([line?.verdict, line?.ledger?.unknownCalls], ["differs", 1]);
});

test("what stands on one side only is named so, in the order of days and models", () => {
  const ledger = [own({ model: "b" }), own({ day: "2026-11-02" })];
  const reported = [theirs({ model: "a" }), theirs({ day: "2026-11-02" })];
  assert.deepEqual(verdicts(ledger, reported), [
    "2026-11-01 a only_at_provider",
    "2026-11-01 b only_in_ledger",
    "2026-11-02 m equal",
  ]);
});

test("a model that was only turned away, and one of zeros, is nothing to compare", () => {
  const none = { calls: 0, requests: 0, inputTokens: 0, cachedInputTokens: 0, cacheWriteTokens: 0, outputTokens: 0 };
  assert.deepEqual(verdicts([own({ ...none })], [theirs({ ...none, model: "other" })]), []);
});
