import assert from "node:assert/strict";
import { test } from "node:test";
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import { MemoryTopic } from "../../test/support/memory-topic.ts";
import { sampleHarness } from "../../test/support/sample-definition.ts";
import { definitionVersion } from "../definitions/version.ts";
import { openDefinitions, type Definitions } from "./definitions.ts";

function definition(description: string): HarnessDefinition {
  return sampleHarness({
    name: "summarise",
    description,
    knobs: { output: { repair: false, reask: true, escalate: false } },
  });
}

const one = definition("one");
const two = definition("two");
const versionOf = (of: HarnessDefinition): string => definitionVersion(of);
const published = (of: HarnessDefinition) =>
  [
    `summarise@${versionOf(of)}`,
    JSON.stringify({ kind: "definition", version: versionOf(of), definition: of }),
  ] as const;
const current = (version: string) =>
  ["summarise", JSON.stringify({ kind: "current", name: "summarise", version })] as const;

async function open(topic: MemoryTopic): Promise<{ definitions: Definitions; errors: string[] }> {
  const errors: string[] = [];
  const logger = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: (fields: object, message: string) => void errors.push(`${message} ${JSON.stringify(fields)}`),
  };
  return { definitions: await openDefinitions(topic, logger), errors };
}

test("new runs get the current version, pinned runs keep theirs", async () => {
  const { definitions } = await open(
    new MemoryTopic([published(one), current(versionOf(one)), published(two), current(versionOf(two))]),
  );
  assert.equal(definitions.current("summarise")?.version, versionOf(two));
  assert.deepEqual(definitions.get("summarise", versionOf(one)), one);
  assert.equal(definitions.current("nobody"), undefined);
  assert.equal(definitions.get("summarise", "0".repeat(16)), undefined);
});

test("a published version is nobody's current until a record says so, and then without a restart", async () => {
  const topic = new MemoryTopic([published(one)]);
  const { definitions } = await open(topic);
  assert.equal(definitions.current("summarise"), undefined);
  assert.deepEqual(definitions.names(), []);
  topic.append(...current(versionOf(one)));
  assert.deepEqual(definitions.names(), ["summarise"]);
  assert.deepEqual(definitions.current("summarise")?.definition, one);
});

test("a current record that points to a missing version keeps the old one, loudly, until the version is there", async () => {
  const topic = new MemoryTopic([published(one), current(versionOf(one))]);
  const { definitions, errors } = await open(topic);
  topic.append(...current(versionOf(two)));
  assert.equal(definitions.current("summarise")?.version, versionOf(one));
  assert.equal(errors.length, 1);
  topic.append(...published(two));
  assert.equal(definitions.current("summarise")?.version, versionOf(two));
});

for (const [name, key, record] of [
  [
    "whose version is not the hash of its document",
    `summarise@${versionOf(two)}`,
    { kind: "definition", version: versionOf(two), definition: one },
  ],
  ["under another key", "other@1", { kind: "definition", version: versionOf(two), definition: two }],
  [
    "that is incomplete",
    `summarise@${versionOf(two)}`,
    { kind: "definition", version: versionOf(two), definition: { ...two, prompt: undefined } },
  ],
  ["that names another harness than its key", "summarise", { kind: "current", name: "other", version: versionOf(one) }],
] as const) {
  test(`a record ${name} is ignored, loudly`, async () => {
    const topic = new MemoryTopic([published(one), current(versionOf(one))]);
    const { definitions, errors } = await open(topic);
    topic.append(key, JSON.stringify(record));
    assert.equal(errors.length, 1);
    assert.deepEqual(definitions.current("summarise")?.definition, one);
    assert.equal(definitions.get("summarise", versionOf(two)), undefined);
  });
}

test("a definition of a newer minor version, with a field not known here, is read: its hash counts the field", async () => {
  const newer = { ...one, sampling: { rate: 0.1 } };
  const { definitions, errors } = await open(new MemoryTopic([published(newer), current(versionOf(newer))]));
  assert.deepEqual(errors, []);
  assert.deepEqual(definitions.current("summarise")?.definition, one);
});

test("a tombstone takes a harness away, and a deleted version is nobody's current", async () => {
  const topic = new MemoryTopic([published(one), current(versionOf(one))]);
  const { definitions } = await open(topic);
  topic.append(`summarise@${versionOf(one)}`, null);
  assert.equal(definitions.current("summarise"), undefined);
  topic.append(...published(one));
  assert.equal(definitions.current("summarise")?.version, versionOf(one));
  topic.append("summarise", null);
  assert.equal(definitions.current("summarise"), undefined);
});

test("catching up brings what was published before the call", async () => {
  const topic = new MemoryTopic();
  const { definitions } = await open(topic);
  topic.isHeldBack = true;
  topic.append(...published(one));
  topic.append(...current(versionOf(one)));
  const caughtUp = definitions.catchUp();
  setImmediate(() => topic.show());
  await caughtUp;
  assert.equal(definitions.current("summarise")?.version, versionOf(one));
  await definitions.close();
});

test("a definition whose parts contradict each other is ignored, loudly, though its version is its hash", async () => {
  const wrong = { ...one, prompt: { system: "Summarise.", user: "{{nothing}}" } };
  const { definitions, errors } = await open(new MemoryTopic([published(wrong), current(versionOf(wrong))]));
  assert.equal(definitions.current("summarise"), undefined);
  assert.ok(
    errors.some((error) => error.includes("nothing")),
    errors.join("\n"),
  );
});

const pointer = (version: string, more: object) =>
  ["summarise", JSON.stringify({ kind: "current", name: "summarise", version, ...more })] as const;
const runIds = Array.from(
  { length: 2000 },
  (_, number) => `0199d000-0000-7000-8000-${String(number).padStart(12, "0")}`,
);

test("a harness is told with all its versions, the one that came last first, and which are in force or on trial", async () => {
  const canary = { version: versionOf(one), share: 0.25 };
  const pointer = { kind: "current", name: "summarise", version: versionOf(two), canary };
  const { definitions } = await open(
    new MemoryTopic([published(one), published(two), ["summarise", JSON.stringify(pointer)]]),
  );
  assert.deepEqual(
    definitions.versions("summarise").map(({ version }) => version),
    [versionOf(two), versionOf(one)],
  );
  assert.deepEqual(definitions.standing("summarise"), { version: versionOf(two), canary, shadow: undefined });
  assert.deepEqual(definitions.versions("nobody"), []);
  assert.equal(definitions.standing("nobody"), undefined);
});

test("a canary takes its share of the runs by their ids; who asks without a run gets the current version", async () => {
  const canary = { canary: { version: versionOf(two), share: 0.1 } };
  const topic = new MemoryTopic([published(one), published(two), pointer(versionOf(one), canary)]);
  const { definitions } = await open(topic);
  const taken = runIds.filter((id) => definitions.current("summarise", id)?.version === versionOf(two));
  assert.ok(taken.length > 140 && taken.length < 260, `${taken.length} of 2000`);
  assert.deepEqual(
    taken,
    runIds.filter((id) => definitions.current("summarise", id)?.version === versionOf(two)),
  );
  assert.equal(definitions.current("summarise")?.version, versionOf(one));
  topic.append(...pointer(versionOf(two), {}));
  assert.ok(runIds.every((id) => definitions.current("summarise", id)?.version === versionOf(two)));
});

test("a canary or a shadow that is not published is nobody's", async () => {
  const trials = { canary: { version: versionOf(two), share: 0.99 }, shadow: { version: versionOf(two) } };
  const topic = new MemoryTopic([published(one), pointer(versionOf(one), trials)]);
  const { definitions } = await open(topic);
  assert.ok(runIds.every((id) => definitions.current("summarise", id)?.version === versionOf(one)));
  assert.equal(definitions.shadow("summarise"), undefined);
  topic.append(...published(two));
  assert.equal(definitions.shadow("summarise")?.version, versionOf(two));
  assert.equal(definitions.shadow("nobody"), undefined);
});
