/** What is sealed on its way out and opened on its way in, over the examples of every topic. */
import assert from "node:assert/strict";
import { readFileSync, globSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { contentHash, erasedContent } from "../../../schemas/parts/content.ts";
import { KeyTopic } from "../../../test/support/key-topic.ts";
import { catalog } from "../../../topics/catalog.ts";
import type { Emission } from "../stage.ts";
import { openContentHasher } from "./content-hash.ts";
import { Contents, sealedHeader, sealedValueHeader } from "./contents.ts";
import { contentPathsIn } from "./record-content.ts";

const subject = { client_id: "acme", subject_id: "patient-4711" };
const run = { run_id: "0198c0de-0000-7000-8000-000000000001", ...subject };
const canary = "CANARY heliotrope 4711";
const examples = path.join(import.meta.dirname, "../../../topics/examples");

const processKey = "44".repeat(32);

function contentsOf(topic: KeyTopic, setting?: string | null): Contents {
  const nowMs = () => Date.UTC(2026, 10, 23);
  return new Contents({ keys: topic.keys(setting), hasher: openContentHasher(processKey), nowMs });
}

async function written(contents: Contents, topic: Emission["topic"], value: unknown) {
  const { headers = {}, ...emission } = await contents.seal({ topic, key: "k", id: "i", type: "t", value });
  const bytes = Buffer.from(JSON.stringify(emission.value));
  return { topic, value: bytes, headers };
}

const valueOf = ({ value }: { readonly value: Buffer | null }): unknown => JSON.parse(value?.toString() ?? "null");

for (const { name, schema } of catalog) {
  const files = globSync(path.join(examples, name, "*.json")).filter(
    (file) => !path.basename(file).startsWith("invalid"),
  );
  for (const file of files) {
    test(`${name}/${path.basename(file)}: of a subject it is sealed where it holds content, stays a good record, and opens`, async () => {
      const record: unknown = JSON.parse(readFileSync(file, "utf8"));
      const named = { ...Object(record), ...run };
      const contents = contentsOf(new KeyTopic());
      const sealed = await written(contents, name, named);
      const holdsContent = contentPathsIn(name).length > 0 && sealed.value.includes('"sealed"');
      if (!holdsContent) assert.deepEqual([valueOf(sealed), sealed.headers], [named, {}]);
      else assert.doesNotThrow(() => schema.parse(valueOf(sealed)));
      assert.equal(contentPathsIn(name).length > 0 && sealed.value.includes('"plain"'), false);
      assert.deepEqual(valueOf(await contents.open(sealed)), named);
    });
  }
}

const result = {
  kind: "result",
  ...run,
  output: { plain: { words: canary } },
  tool_calls: { plain: [{ id: canary }] },
};

test("a run without a subject passes as it is, without a look at the keys", () => {
  const contents = contentsOf(new KeyTopic());
  const { subject_id: _, ...anonymous } = result;
  const emission: Emission = { topic: "harness-results", key: "k", id: "i", type: "t", value: anonymous };
  assert.equal(contents.seal(emission), emission);
  const record = { topic: "harness-results", value: Buffer.from("{}"), headers: {} };
  assert.equal(contents.open(record), record);
});

test("a box does not open in another run, nor under another subject's key", async () => {
  const contents = contentsOf(new KeyTopic());
  const sealed = await written(contents, "harness-results", result);
  const moved = { ...Object(valueOf(sealed)), run_id: "0198c0de-0000-7000-8000-000000000002" };
  const opened = await contents.open({ ...sealed, value: Buffer.from(JSON.stringify(moved)) });
  assert.deepEqual(valueOf(opened), moved);
  const other = await written(contents, "harness-results", { ...result, subject_id: "other" });
  const mixed = {
    ...Object(valueOf(sealed)),
    output: { ...Object(valueOf(other)).output, key_id: sealed.headers[sealedHeader] },
  };
  const half = valueOf(await contents.open({ ...sealed, value: Buffer.from(JSON.stringify(mixed)) }));
  assert.deepEqual(Object(half).output, mixed.output);
});

test("after the erasure every process says erased, the words are nowhere, and a later run is sealed anew", async () => {
  const topic = new KeyTopic();
  const contents = contentsOf(topic);
  const sealed = await written(contents, "harness-results", result);
  assert.deepEqual(valueOf(await contents.open(sealed)), result);
  await contents.keys.erase([sealed.headers[sealedHeader] ?? ""]);
  for (const process of [contents, contentsOf(topic), contentsOf(topic, null)]) {
    const gone = { ...result, output: erasedContent, tool_calls: erasedContent };
    assert.deepEqual(valueOf(await process.open(sealed)), gone);
    assert.deepEqual(valueOf(await written(process, "harness-results", gone)), gone);
  }
  const later = await written(contents, "harness-results", result);
  assert.notEqual(later.headers[sealedHeader], sealed.headers[sealedHeader]);
  assert.deepEqual(valueOf(await contents.open(later)), result);
});

test("a process without the key leaves content sealed, and can write none", async () => {
  const topic = new KeyTopic();
  const sealed = await written(contentsOf(topic), "harness-results", result);
  const stranger = contentsOf(topic, "11".repeat(32));
  assert.deepEqual(valueOf(await stranger.open(sealed)), valueOf(sealed));
  await assert.rejects(async () => written(contentsOf(topic, null), "harness-results", result), /no key to seal/);
});

const request = {
  topic: "harness-requests",
  partition: 3,
  offset: 7n,
  value: Buffer.from(canary),
  headers: { a: "b" },
};
const letters = [
  ["of a subject", { disposition: "rejected", subject }, true],
  ["that nobody can read", { disposition: "poison" }, true],
  ["that may name a subject", { disposition: "rejected", subject: "unknown" }, true],
  ["of no subject", { disposition: "rejected" }, false],
] as const;
for (const [what, reason, isSealed] of letters) {
  test(`a dead letter ${what} is ${isSealed ? "sealed, opens byte for byte, and is gone with its key" : "as it was"}`, async () => {
    const topic = new KeyTopic();
    const contents = contentsOf(topic);
    const letter = await contents.sealDeadLetter(request, { code: "not_json", message: "", ...reason });
    const stored = { topic: "harness-requests-dlq", ...letter };
    assert.equal(stored.value?.includes(canary), !isSealed);
    const { value, headers } = await contents.open(stored);
    assert.deepEqual([value, headers], [request.value, request.headers]);
    if (!isSealed) return;
    await contents.keys.erase([letter.headers[sealedValueHeader] ?? ""]);
    assert.equal((await contents.open(stored)).value, null);
  });
}

test("a dead letter of a record that was sealed is left as it is, and one without a key configured too", async () => {
  const topic = new KeyTopic();
  const reason = { code: "attempts_exhausted", message: "", disposition: "poison" } as const;
  const sealed = { ...request, headers: { [sealedHeader]: "s-1" } };
  assert.equal(await contentsOf(topic).sealDeadLetter(sealed, reason), sealed);
  assert.equal(await contentsOf(topic, null).sealDeadLetter(request, reason), request);
});

const decision: Emission = {
  topic: "harness-audit",
  key: "k",
  id: "i",
  type: "t",
  value: { kind: "decision" },
  standsFor: { input: { document: canary }, output: canary },
};

test("what an audited decision stands for is hashed: nobody's under the process's key", async () => {
  const { value } = await contentsOf(new KeyTopic()).seal(decision);
  const hasher = openContentHasher(processKey);
  const hashes = { input_hmac: hasher?.hashOf({ document: canary }), output_hmac: hasher?.hashOf(canary) };
  assert.deepEqual(value, { kind: "decision", ...hashes });
  const { value: bare } = await contentsOf(new KeyTopic()).seal({ ...decision, standsFor: {} });
  assert.deepEqual(bare, { kind: "decision" });
});

test("a data subject's is hashed under their key, alike in every process, and differently after an erasure", async () => {
  const topic = new KeyTopic();
  const ofSubject = { ...decision, standsFor: { output: canary, owner: subject } };
  const hashBy = async (contents: Contents) =>
    contentHash.parse(Object((await contents.seal(ofSubject)).value).output_hmac);
  const contents = contentsOf(topic);
  const hash = await hashBy(contents);
  const keyId = (await written(contents, "harness-results", result)).headers[sealedHeader] ?? "";
  assert.ok(hash.startsWith(`${keyId}:`), hash);
  assert.equal(await hashBy(contentsOf(topic)), hash);
  await contents.keys.erase([keyId]);
  assert.notEqual(await hashBy(contents), hash);
});

test("a decision that stands for nothing makes no key", async () => {
  const topic = new KeyTopic();
  await contentsOf(topic).seal({ ...decision, standsFor: { owner: subject } });
  assert.deepEqual(await contentsOf(topic).keys.all(), []);
});

test("without a key to seal under nothing is hashed, and nothing fails", async () => {
  const contents = contentsOf(new KeyTopic(), null);
  const ofSubject = { ...decision, standsFor: { output: canary, owner: subject } };
  assert.deepEqual(Object(await contents.seal(ofSubject)).value, { kind: "decision" });
});

test("a run of a harness with a retention is sealed without a subject, too, its hashes under the same key", async () => {
  const topic = new KeyTopic();
  const contents = contentsOf(topic);
  const { subject_id: _, ...anonymous } = result;
  const ending = { ...anonymous, content_until_ms: 5000 };
  const sealed = await written(contents, "harness-results", ending);
  assert.equal(sealed.value.includes(canary), false);
  assert.deepEqual(valueOf(await contents.open(sealed)), ending);
  const owner = { client_id: "acme", content_until_ms: 5000 };
  const { value } = await contents.seal({ ...decision, standsFor: { output: canary, owner } });
  assert.ok(contentHash.parse(Object(value).output_hmac).startsWith(`${sealed.headers[sealedHeader]}:`));
  topic.nowMs = 5000;
  assert.deepEqual(Object(valueOf(await contents.open(sealed))).output, erasedContent);
});
