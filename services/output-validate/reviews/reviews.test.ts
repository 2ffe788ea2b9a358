import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleValue } from "../../../test/contract/examples.ts";
import { MemoryLog } from "../../../test/pipeline/memory-log.ts";
import { TestCommands } from "../../../test/support/commands.ts";
import { recordedSpans } from "../../../test/support/recorded-spans.ts";
import { reviewDecided, reviewHeld } from "../../../schemas/records/review.ts";
import type { LogRecord } from "../../runtime/kafka/log-reader.ts";
import { PoisonRecordError, TransientError } from "../../runtime/errors.ts";
import type { ConsumedRecord, Emission } from "../../runtime/stage.ts";
import { auditDecision } from "../../../schemas/audit/decision.ts";
import { sampleHarness } from "../../../test/support/sample-definition.ts";
import { Reviews } from "./reviews.ts";

const topic = "harness-reviews";
const held = reviewHeld.parse(exampleValue(topic, "held"));
const approve = reviewDecided.parse(exampleValue(topic, "decided-approve"));

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;

const definitions = {
  get: () => (definitions.isKnown ? sampleHarness({ knobs: { leaks: { secrets: "off" } } }) : undefined),
  catchUp: async () => void (definitions.isKnown = true),
  isKnown: false,
};

/** One partition, owned by a process whose clock and broker the test commands. */
async function owner(...values: readonly unknown[]) {
  const log = new MemoryLog(1);
  const written: Emission[] = [];
  const around = { nowMs: held.held_at_ms, kafkaIsAway: false, lost: new AbortController() };
  const append = (value: unknown): LogRecord =>
    log.append({ topic, key: held.run_id, value: Buffer.from(JSON.stringify(value)), headers: { traceparent } });
  for (const value of values) append(value);
  const reviews = new Reviews({ reader: log, commands: new TestCommands(), definitions, nowMs: () => around.nowMs });
  const publish = async (emissions: readonly Emission[]) => {
    if (around.kafkaIsAway) throw new TransientError("broker_unavailable", "away");
    written.push(...emissions);
    return [];
  };
  await reviews.learn({ partition: 0 }, { publish, signal: around.lost.signal });
  const process = (value: unknown) => {
    const record: ConsumedRecord = { ...append(value), topic };
    return reviews.process(record);
  };
  return { reviews, around, process, written };
}

test("what is due is written once, though it has not come back yet", async () => {
  const { reviews, around, written } = await owner(held);
  await reviews.look();
  assert.deepEqual(written, []);
  around.nowMs = held.due_at_ms;
  await reviews.look();
  await reviews.look();
  assert.deepEqual(
    written.map(({ type, key }) => [type, key]),
    [["breakwater.review.decided", held.run_id]],
  );
});

test("Kafka away is waited for: the time-out is written when it is back", async () => {
  const { reviews, around, written } = await owner(held);
  Object.assign(around, { nowMs: held.due_at_ms, kafkaIsAway: true });
  await reviews.look();
  assert.deepEqual(written, []);
  around.kafkaIsAway = false;
  await reviews.look();
  assert.equal(written.length, 1);
});

test("who has lost the partition writes nothing, and knows nothing of it", async () => {
  const { reviews, around, process, written } = await owner(held);
  around.nowMs = held.due_at_ms;
  around.lost.abort();
  await reviews.look();
  reviews.release(0);
  await reviews.look();
  assert.deepEqual(written, []);
  await assert.rejects(process(approve), TransientError);
});

test("what was decided before the takeover is not timed out", async () => {
  const { reviews, around, written } = await owner(held, approve);
  around.nowMs = held.due_at_ms;
  await reviews.look();
  assert.deepEqual(written, []);
});

test("a record that cannot be read does not stop a takeover, and is dead-lettered in its turn", async () => {
  const { process } = await owner("no review", held);
  await assert.rejects(process({ kind: "review.held" }), PoisonRecordError);
  const { emissions } = await process(approve);
  assert.deepEqual(
    emissions.map(({ topic: to }) => to),
    ["harness-results", "harness-audit"],
  );
});

test("an edit that is given is audited with what guards say of it; an approved answer was judged before", async () => {
  const edit = reviewDecided.parse(exampleValue(topic, "decided-edit"));
  for (const [decision, guards] of [
    [edit, "leaks passed, content passed, output_contract passed, sanitise off"],
    [approve, ""],
  ] as const) {
    const { process } = await owner(held);
    const audit = auditDecision.parse((await process(decision)).emissions[1]?.value);
    assert.equal(audit.guards.map(({ guard, verdict }) => `${guard} ${verdict}`).join(", "), guards);
  }
});

test("what follows from a decision goes on with the trace that the answer was held in", async () => {
  const untraced = await owner(held);
  const { emissions } = await untraced.process(approve);
  assert.deepEqual(
    emissions.map(({ topic: to, headers }) => [to, headers]),
    ["harness-results", "harness-audit"].map((to) => [to, { traceparent }]),
    "without tracing, as it came",
  );
  const recorded = recordedSpans();
  const traced = await owner(held);
  const { emissions: sent } = await traced.process(approve);
  const span = recorded.named("review approve");
  recorded.close();
  assert.deepEqual(
    [span.spanContext().traceId, span.parentSpanContext?.spanId, span.attributes["breakwater.status"]],
    [traceId, "00f067aa0ba902b7", "released"],
  );
  assert.equal(sent[0]?.headers?.["traceparent"], `00-${traceId}-${span.spanContext().spanId}-01`);
});
