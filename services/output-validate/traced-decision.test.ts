import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import type { GuardReport } from "../../schemas/parts/finding.ts";
import { recordedSpans } from "../../test/support/recorded-spans.ts";
import { sampleDefinition, sampleFinish, sampleMs, sampleSettlement } from "../../test/contract/sample-records.ts";
import { decide, type Asking, type Decision } from "./decide.ts";
import { tracedDecision } from "./traced-decision.ts";

const recorded = recordedSpans();
beforeEach(() => recorded.forget());
after(() => recorded.close());

const finish = sampleFinish(sampleSettlement('{"count": "SECRET"}'));
const bench = { nowMs: sampleMs, opener: null, cancelled: null };
const unasked = () => Promise.reject(new Error("there is nothing to ask"));

test("each guard is a span under that of deciding, that one under the record's, and none of them holds content", async () => {
  const { decision } = await recorded.within("process harness-calls", () =>
    tracedDecision(
      { settled: finish, definition: sampleDefinition },
      () => decide(finish, sampleDefinition, bench),
      unasked,
    ),
  );
  const record = recorded.named("process harness-calls");
  assert.equal(record.attributes["breakwater.outcome"], "retry");
  assert.equal(record.attributes["breakwater.attempt"], 1);
  const deciding = recorded.named("decide");
  assert.equal(deciding.parentSpanContext?.spanId, record.spanContext().spanId);
  const guards = recorded.all().filter(({ name }) => name.startsWith("guard "));
  const verdicts = new Map(guards.map(({ name, attributes }) => [name, attributes["breakwater.verdict"]]));
  assert.equal(verdicts.get("guard output_format"), "passed");
  assert.equal(verdicts.get("guard output_contract"), "failed");
  assert.equal(verdicts.size, decision.guards.length);
  for (const guard of guards) assert.equal(guard.parentSpanContext?.spanId, deciding.spanContext().spanId);
  assert.doesNotMatch(recorded.text(), /SECRET/);
});

test("what a moderation says is heard in a second span of deciding, which holds the guards that spoke then alone", async () => {
  const before: GuardReport = { guard: "toxicity", verdict: "passed", findings: [] };
  const moderation: GuardReport = { guard: "moderation", verdict: "passed", findings: [] };
  const decision: Decision = { kind: "degraded", output: undefined, guards: [before, moderation], reasons: [] };
  const asking: Asking = {
    kind: "asking",
    guards: [before],
    reasons: [],
    moderation: undefined,
    pieces: [],
    hear: () => ({ finish, decision }),
  };
  const heard = await recorded.within("process harness-calls", () =>
    tracedDecision(
      { settled: finish, definition: sampleDefinition },
      () => asking,
      () => Promise.resolve({ kind: "missing", code: "not_configured" }),
    ),
  );
  assert.equal(heard.decision, decision);
  const spans = recorded.all();
  const [first, second] = spans.filter(({ name }) => name === "decide").map((span) => span.spanContext().spanId);
  assert.deepEqual(
    spans.filter(({ name }) => name.startsWith("guard ")).map((span) => [span.name, span.parentSpanContext?.spanId]),
    [
      ["guard toxicity", first],
      ["guard moderation", second],
    ],
  );
});
