/**
 * Interactive runs beside a batch, counted and not timed: the provider holds
 * every call of the batch, and the runs of another client are through all the
 * same, while almost all of the batch is still queued.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { v7 as uuidv7 } from "uuid";
import type { LogRecord } from "../../services/runtime/kafka/log-reader.ts";
import { parseResult } from "../../services/runtime/first-results.ts";
import { loadPacks, publishPacks } from "../../services/cli/commands/signatures.ts";
import { requestEmission, type RequestTopic } from "../../services/runtime/requests/request-record.ts";
import { definitionVersion } from "../../services/definitions/version.ts";
import { sampleHarness, sampleTier } from "../support/sample-definition.ts";
import { openStagesAndStandIn } from "../support/stages-and-stand-in.ts";

const documents = 3000;
const interactive = 20;
const places = 40;
/** Of the places, what a batch may take. */
const batchPlaces = 30;

const { stages, standIn } = await openStagesAndStandIn();

const definition = sampleHarness({
  name: "note",
  knobs: { output: { repair: false, reask: true, escalate: false } },
  prompt: { system: "Take notes.", user: "{{text}}" },
  models: [sampleTier({ model: "gpt-4o", timeoutMs: 300_000, firstTokenTimeoutMs: 300_000, idleTimeoutMs: 300_000 })],
  deadlineMs: 600_000,
});

const version = definitionVersion(definition);

async function publish(count: number, topic: RequestTopic, client: string): Promise<ReadonlySet<string>> {
  const requests = Array.from({ length: count }, (_, at) => {
    const input = { text: `${client} asks for its note number ${at}.` };
    return { run_id: uuidv7(), harness: "note", harness_version: version, client_id: client, input };
  });
  await stages.producer.publish(requests.map((request) => requestEmission(request, topic)));
  return new Set(requests.map(({ run_id }) => run_id));
}

function runsIn(records: readonly LogRecord[]): Set<string> {
  return new Set(records.map(({ key }) => String(key)));
}

async function untilHeld(count: number): Promise<void> {
  while ((await standIn.inFlight()) < count) await new Promise((resolve) => setTimeout(resolve, 50));
}

test("interactive runs of one client are through while the batch of another is still queued; then the batch comes too", async () => {
  await standIn.script({ rules: [{ match: { textIncludes: "archive" }, effect: { kind: "held" } }] });
  await stages.apply(definition);
  await publishPacks(await loadPacks(["harnesses/signatures/core.yaml"]), (packs) => stages.producer.publish(packs));
  const batch = await publish(documents, "harness-requests-batch", "archive");
  await stages.start("input-scan");
  await stages.start("output-validate");
  await stages.start("model-invoke", { ...standIn.environment, BREAKWATER_MAX_IN_FLIGHT: String(places) });
  await stages.until("harness-scanned-batch", ({ length }) => length === documents);
  await untilHeld(batchPlaces);

  const asked = await publish(interactive, "harness-requests", "console");
  const answered = await stages.until("harness-results", ({ length }) => length >= interactive);
  assert.deepEqual(runsIn(answered), asked);
  assert.equal(await standIn.arrived(), batchPlaces, "no more of the batch was called than it has places for");

  await standIn.script({ rules: [] });
  const all = await stages.until("harness-results", ({ length }) => length >= documents + interactive);
  assert.deepEqual(runsIn(all), new Set([...asked, ...batch]));
  const statuses = new Set(all.map(({ value }) => parseResult(value)?.status));
  assert.deepEqual([all.length, [...statuses]], [documents + interactive, ["ok"]]);
  assert.equal(standIn.calls().length, documents + interactive, "each was paid once");
});
