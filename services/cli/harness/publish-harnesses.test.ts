/** What is published where when a version becomes current, is deployed again, or goes on trial. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { currentDefinition, type CurrentDefinition } from "../../../schemas/control/harness-definition.ts";
import { sampleHarness } from "../../../test/support/sample-definition.ts";
import { definitionVersion } from "../../definitions/version.ts";
import type { Emission } from "../../runtime/stage.ts";
import { exitCodeOf } from "../exit-codes.ts";
import {
  deployHarnesses,
  publishHarnesses,
  publishTrials,
  trialPointers,
  type HarnessFile,
  type Trial,
} from "./publish-harnesses.ts";

function fileOf(description: string, name = "note"): HarnessFile {
  const definition = sampleHarness({ name, description });
  return { file: `${name}.yaml`, definition, version: definitionVersion(definition) };
}
const one = fileOf("one");
const two = fileOf("two");
const three = fileOf("three");

/** Collects what is published; the pointers among it, as the topic would have them. */
function topicWith(...records: readonly CurrentDefinition[]) {
  const pointers = new Map(records.map((record) => [record.name, record]));
  const batches: (readonly Emission[])[] = [];
  const publish = async (emissions: readonly Emission[]) => {
    batches.push(emissions);
    for (const { key, value } of emissions) {
      const pointer = currentDefinition.strict().safeParse(value);
      if (pointer.success) pointers.set(key, pointer.data);
    }
    return [];
  };
  return { pointers, batches, publish };
}
const current = ({ version }: HarnessFile, more: Partial<CurrentDefinition> = {}): CurrentDefinition => ({
  kind: "current",
  name: "note",
  version,
  ...more,
});
const shadow: Trial = { kind: "shadow" };
const canary: Trial = { kind: "canary", share: 0.1 };

async function putOnTrial(harnesses: readonly HarnessFile[], trial: Trial, topic: ReturnType<typeof topicWith>) {
  await publishTrials(harnesses, trialPointers(harnesses, trial, topic.pointers), topic.publish);
}

test("a version on trial is published before the pointer, and the current one stays current", async () => {
  const topic = topicWith(current(one));
  await putOnTrial([two], canary, topic);
  assert.deepEqual(
    topic.batches.map((batch) => batch.map(({ key }) => key)),
    [[`note@${two.version}`], ["note"]],
  );
  assert.deepEqual(topic.pointers.get("note"), current(one, { canary: { version: two.version, share: 0.1 } }));
});

test("a canary and a shadow stand beside each other; a second canary takes the first one's place", async () => {
  const topic = topicWith(current(one));
  await putOnTrial([two], canary, topic);
  await putOnTrial([three], shadow, topic);
  await putOnTrial([three], { kind: "canary", share: 0.5 }, topic);
  assert.deepEqual(
    topic.pointers.get("note"),
    current(one, { canary: { version: three.version, share: 0.5 }, shadow: { version: three.version } }),
  );
});

test("a plain apply promotes, and ends what was on trial", async () => {
  const topic = topicWith(current(one, { canary: { version: two.version, share: 0.1 } }));
  await publishHarnesses([two], topic.publish);
  assert.deepEqual(topic.pointers.get("note"), current(two));
});

test("a deploy that repeats itself leaves trials alone; one with another version ends them", async () => {
  const trials = { shadow: { version: two.version } };
  const topic = topicWith(current(one, trials));
  await deployHarnesses([one, fileOf("new", "other")], topic.pointers, topic.publish);
  assert.deepEqual(topic.pointers.get("note"), current(one, trials));
  assert.equal(topic.pointers.get("other")?.version, fileOf("new", "other").version);
  await deployHarnesses([three], topic.pointers, topic.publish);
  assert.deepEqual(topic.pointers.get("note"), current(three));
});

const refused: readonly [what: string, harness: HarnessFile, pointers: readonly CurrentDefinition[], says: RegExp][] = [
  ["a harness that has no current version", one, [], /has no current version yet/],
  ["the version that is current", one, [current(one)], /is the current version/],
];
for (const [what, harness, pointers, says] of refused) {
  test(`${what} cannot go on trial, and nothing is published`, async () => {
    const topic = topicWith(...pointers);
    await assert.rejects(putOnTrial([harness], shadow, topic), (error: unknown) => {
      return error instanceof Error && says.test(error.message) && exitCodeOf(error) === 2;
    });
    assert.deepEqual(topic.batches, []);
  });
}
