import assert from "node:assert/strict";
import { test } from "node:test";
import { collectedMetrics } from "../../test/support/collected-metrics.ts";
import { decisionOf, finishedCall, noon, resultOf, startedCall } from "../../test/support/ledger-records.ts";
import { exampleValue } from "../../test/contract/examples.ts";
import { createLedgerMetrics } from "./ledger-metrics.ts";
import { ledgerRow } from "./rows.ts";

/** What dashboards see once these records are stored. */
async function seenOf(...records: readonly (readonly [topic: string, record: unknown])[]): Promise<readonly string[]> {
  const collect = collectedMetrics();
  const metrics = createLedgerMetrics();
  for (const [topic, record] of records) {
    const reading = ledgerRow({ topic, partition: 0, offset: 0n }, JSON.stringify(record));
    assert.equal(reading.kind, "row");
    metrics.stored(reading.entry, 1500);
  }
  return collect();
}

test("a finished call is timed, with its tokens by bucket and its cost; one that only started is not", async () => {
  const seen = await seenOf(["harness-calls", startedCall(1)], ["harness-calls", finishedCall(1)]);
  const target = "gen_ai.provider.name=openai gen_ai.request.model=gpt-4o";
  assert.deepEqual(
    seen.filter((line) => !line.startsWith("breakwater.ledger.delay")),
    [
      `gen_ai.client.operation.duration{gen_ai.operation.name=chat ${target}} 1 of 0.85`,
      `breakwater.tokens{${target} breakwater.token.bucket=input} 90`,
      `breakwater.tokens{${target} breakwater.token.bucket=cached_input} 10`,
      `breakwater.tokens{${target} breakwater.token.bucket=cache_write} 0`,
      `breakwater.tokens{${target} breakwater.token.bucket=output} 40`,
      `breakwater.tokens{${target} breakwater.token.bucket=reasoning} 0`,
      `breakwater.cost.usd{${target}} 0.0006375`,
    ],
  );
});

test("a failed call tells what went wrong, one without a known price is counted apart and is no 0", async () => {
  const failed = finishedCall(1, { outcome: "rate_limited", usage: null, cost_usd: null });
  const seen = await seenOf(["harness-calls", failed]);
  assert.ok(
    seen.some(
      (line) => line.startsWith("gen_ai.client.operation.duration{") && line.includes("error.type=rate_limited"),
    ),
  );
  assert.ok(seen.some((line) => /^breakwater\.calls\.unpriced\{.*\} 1$/.test(line)));
  assert.ok(!seen.some((line) => line.startsWith("breakwater.cost.usd")));
});

test("runs are counted by status and timed, reviews by event", async () => {
  const ok = resultOf(1, { status: "ok", received_at_ms: noon, finished_at_ms: noon + 2500 });
  const seen = await seenOf(
    ["harness-results", ok],
    ["harness-results", resultOf(2, { status: "refused" })],
    ["harness-reviews", exampleValue("harness-reviews", "held")],
  );
  assert.ok(seen.includes("breakwater.runs{breakwater.status=ok} 1"), seen.join("\n"));
  assert.ok(seen.includes("breakwater.runs{breakwater.status=refused} 1"));
  assert.ok(seen.includes("breakwater.run.duration{breakwater.status=ok} 1 of 2.5"));
  assert.ok(seen.includes("breakwater.review.events{breakwater.event=held} 1"));
});

test("each guard's verdict is counted under its stage", async () => {
  const report = (guard: string, verdict: "passed" | "blocked") => ({ guard, verdict, findings: [] });
  const decision = decisionOf(1, { guards: [report("injection", "blocked"), report("pii", "passed")] });
  const seen = await seenOf(["harness-audit", decision]);
  assert.deepEqual(
    seen
      .filter((line) => line.startsWith("breakwater.guard.decisions"))
      .map((line) => line.replace(/^.*breakwater\.guard=/, "")),
    ["injection breakwater.verdict=blocked} 1", "pii breakwater.verdict=passed} 1"],
  );
});

test("no label holds a client, a feature, a harness, a run or a document", async () => {
  const seen = await seenOf(
    ["harness-calls", finishedCall(1)],
    ["harness-results", resultOf(1)],
    ["harness-audit", decisionOf(1)],
    ["harness-reviews", exampleValue("harness-reviews", "held")],
  );
  assert.doesNotMatch(seen.join("\n"), /acme|digest|summarise|letter|subject|one\.txt|019a0000/);
});
