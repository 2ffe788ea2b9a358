import assert from "node:assert/strict";
import { test } from "node:test";
import { consumedTopics, type ConsumedTopic } from "../../../topics/catalog.ts";
import { replayRunId } from "../../runtime/requests/run-ids.ts";
import type { DeadLetterEntry } from "../dead-letter.ts";
import { rebuildRequest, requestSource } from "./replay-request.ts";
import { chooseReplay } from "./choose-replay.ts";

const entry: DeadLetterEntry = {
  ref: "harness-requests-dlq/0/1",
  code: "harness_unknown",
  message: "",
  stage: "input-scan",
  disposition: "poison",
  at: "",
  source: { topic: "harness-requests", partition: 2, offset: "9" },
  bytes: 1,
  harness: "summarise",
  cause: "",
};
const request = {
  run_id: "0190f2c4-0000-7000-8000-000000000001",
  harness: "summarise",
  client_id: "acme",
  input: { text: "t" },
};
const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const origin = { topic: "harness-requests", partition: 4, offset: "77" };

const options = { tools: [{ name: "look_up" }], max_output_tokens: 50 };

test("a replay is the request as it was, under a new run id that names what it replays", () => {
  const rebuilt = rebuildRequest(entry, bytes({ ...request, feature: "f", options }), { replay: 2 });
  assert.deepEqual(rebuilt, {
    kind: "request",
    request: {
      ...request,
      feature: "f",
      options,
      run_id: replayRunId(entry.source, 2),
      replay_of: { topic: "harness-requests", partition: 2, offset: "9", replay: 2 },
    },
  });
});

test("a mended request that is wrong itself is named as the one that is wrong", () => {
  const rebuilt = rebuildRequest(entry, bytes(request), { mended: { harness: "summarise" }, replay: 1 });
  assert.match(rebuilt.kind === "unusable" ? rebuilt.reason : "", /^the mended request is wrong too: \/client_id /);
});

test("a mended request takes the place of the bytes", () => {
  const rebuilt = rebuildRequest(entry, Buffer.from("oops"), { mended: { ...request, harness: "other" }, replay: 1 });
  assert.equal(rebuilt.kind === "request" ? rebuilt.request.harness : rebuilt.kind, "other");
});

test("what is no request is refused with path and rule, and without a word of its content", () => {
  const secret = "a secret sentence";
  const cases = [
    { value: Buffer.from(secret), says: /not a JSON request/ },
    { value: null, says: /not a JSON request/ },
    { value: bytes({ ...request, client_id: undefined }), says: /\/client_id breaks invalid_type/ },
    { value: bytes({ ...request, [secret]: 1 }), says: /breaks unrecognized_keys/ },
  ];
  for (const { value, says } of cases) {
    const rebuilt = rebuildRequest(entry, value, { replay: 1 });
    const reason = rebuilt.kind === "unusable" ? rebuilt.reason : "rebuilt";
    assert.match(reason, says);
    assert.doesNotMatch(reason, new RegExp(secret));
  }
});

test("each topic's dead letter leads to its request, or says why not", () => {
  const values: Readonly<Record<ConsumedTopic, unknown>> = {
    "harness-requests": "anything",
    "harness-requests-batch": "anything",
    "harness-scanned": { origin },
    "harness-scanned-batch": { origin },
    "harness-retries": { origin },
    "harness-calls": { settlement: { task: { origin } } },
    "harness-results": { origin },
    "harness-reviews": { origin },
    "harness-audit": { origin },
    "harness-audit-chain": { origin },
    "harness-alerts": { origin },
  };
  const found = consumedTopics.map((topic) => {
    const source = requestSource(topic, bytes(values[topic]));
    return [topic, source.kind === "at" ? source.origin.offset : source.kind];
  });
  assert.deepEqual(Object.fromEntries(found), {
    "harness-requests": "here",
    "harness-requests-batch": "here",
    "harness-scanned": "77",
    "harness-scanned-batch": "77",
    "harness-retries": "77",
    "harness-calls": "77",
    "harness-results": "77",
    "harness-reviews": "none",
    "harness-audit": "none",
    "harness-audit-chain": "none",
    "harness-alerts": "none",
  });
});

test("a record that does not say where its request stands cannot be rebuilt", () => {
  for (const value of [null, Buffer.from("{"), bytes({ kind: "call.started" })]) {
    assert.equal(requestSource("harness-calls", value).kind, "none");
  }
});

const choose = (published: number, wish: { number?: number; again?: boolean }) => {
  const done = new Set(Array.from({ length: published }, (_, at) => replayRunId(entry.source, at + 1)));
  return chooseReplay(entry, { number: wish.number, again: wish.again ?? false }, (id) =>
    Promise.resolve(done.has(id)),
  );
};

test("asked for twice, a replay is the same run; --again makes the next; --replay names one", async () => {
  const first = replayRunId(entry.source, 1);
  assert.deepEqual(await choose(0, {}), { replay: 1, runId: first, alreadyDone: false });
  assert.deepEqual(await choose(1, {}), { replay: 1, runId: first, alreadyDone: true });
  assert.equal((await choose(0, { again: true })).replay, 1);
  assert.deepEqual(await choose(2, { again: true }), {
    replay: 3,
    runId: replayRunId(entry.source, 3),
    alreadyDone: false,
  });
  assert.deepEqual(await choose(2, { number: 2 }), {
    replay: 2,
    runId: replayRunId(entry.source, 2),
    alreadyDone: true,
  });
  assert.equal((await choose(2, { number: 5 })).alreadyDone, false);
});
