/** Reading a request: what is accepted, what is wrong by path and rule, and what never comes back in a reason. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readEnvelope } from "./envelope.ts";

const least = { harness: "summarise", client_id: "acme", input: { document: "x" } };

test("the least request is accepted as it is", () => {
  assert.deepEqual(readEnvelope(least), { kind: "request", request: least });
});

test("null stands for an absent optional field, as Avro writes it", () => {
  const read = readEnvelope({ ...least, feature: null, run_id: null, document: null });
  assert.deepEqual(read, { kind: "request", request: least });
});

const wrong: readonly [what: string, value: unknown, path: string, rule: string][] = [
  ["no object", "text", "", "invalid_type"],
  ["a list", [least], "", "invalid_type"],
  ["null", null, "", "invalid_type"],
  ["no harness", { client_id: "a", input: {} }, "/harness", "invalid_type"],
  ["a harness name that is none", { ...least, harness: "No Name" }, "/harness", "invalid_format"],
  ["no client", { harness: "a", input: {} }, "/client_id", "invalid_type"],
  ["an empty client", { ...least, client_id: "" }, "/client_id", "too_small"],
  ["a run id that is no UUID", { ...least, run_id: "7" }, "/run_id", "invalid_format"],
  ["an input that is no object", { ...least, input: "x" }, "/input", "invalid_type"],
  [
    "a document without its hash",
    { ...least, document: { batch_id: "b", name: "n" } },
    "/document/sha256",
    "invalid_type",
  ],
  ["a field it does not know", { ...least, promt: "x" }, "", "unrecognized_keys"],
  ["an input that is no JSON", { ...least, input: { secret_key: () => 1 } }, "/input", "invalid_union"],
];
for (const [what, value, path, rule] of wrong) {
  test(`names path and rule of ${what}`, () => {
    const read = readEnvelope(value);
    assert.ok(read.kind === "unusable");
    assert.equal(read.code, "envelope_invalid");
    assert.deepEqual(
      read.reasons.map((reason) => [reason.path ?? "", reason.rule]),
      [[path, rule]],
    );
  });
}

test("an unknown field is named when its name is a plain word, and not when it could be content", () => {
  const named = readEnvelope({ ...least, promt: "x" });
  assert.ok(named.kind === "unusable");
  assert.match(named.reasons[0]?.message ?? "", /promt/);
  const secret = readEnvelope({ ...least, "4111 1111 1111 1111": "x" });
  assert.equal(JSON.stringify(secret).includes("4111"), false);
});

test("who sent a broken request is still known, field by field", () => {
  const run_id = "0198c0de-0000-7000-8000-000000000001";
  const read = readEnvelope({ run_id, client_id: "acme", feature: 3, correlation_id: "c-1", input: 1 });
  assert.ok(read.kind === "unusable");
  assert.deepEqual(read.claims, { client_id: "acme", correlation_id: "c-1", run_id });
});

test("a value nested too deep is refused before anything recursive reads it", () => {
  let deep: unknown = "x";
  for (let level = 0; level < 100_000; level++) deep = [deep];
  const read = readEnvelope({ ...least, input: { deep } });
  assert.ok(read.kind === "unusable");
  assert.deepEqual(
    read.reasons.map(({ rule }) => rule),
    ["max_depth"],
  );
});

test("law: it never throws, and a reason never repeats a value", () => {
  const marked = fc.dictionary(
    fc.constantFrom("harness", "client_id", "run_id", "input", "feature", "document"),
    fc.oneof(fc.jsonValue(), fc.constant("S3CR3T-value 42")),
  );
  fc.assert(
    fc.property(marked, (value) => {
      const read = readEnvelope(value);
      if (read.kind === "unusable") assert.equal(JSON.stringify(read.reasons).includes("S3CR3T"), false);
    }),
  );
});
