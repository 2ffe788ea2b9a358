import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { writtenToolCall } from "../../schemas/parts/tools.ts";
import { writtenCalls } from "./written-calls.ts";

const callId = "0193f0a0-0000-7000-8000-000000000001";

test("a call stays as the model wrote it, broken JSON too", () => {
  const given = [{ id: "call_1", name: "weather", arguments: '{"city": "Os' }];
  assert.deepEqual(writtenCalls(given, callId), given);
});

test("arguments that came as a value are written, and none are an empty object", () => {
  const given = [
    { id: "a", name: "f", arguments: { city: "Oslo" } },
    { id: "b", name: "f", arguments: "" },
    { id: "c", name: "f", arguments: " \n" },
    { id: "d", name: "f" },
  ];
  assert.deepEqual(
    writtenCalls(given, callId)?.map(({ arguments: text }) => text),
    ['{"city":"Oslo"}', "{}", "{}", "{}"],
  );
});

test("an id that is missing, too long or there twice is replaced by one of this call", () => {
  const ids = [null, undefined, "", "a", "a", "x".repeat(129)];
  const written = writtenCalls(
    ids.map((id) => ({ id, name: "f" })),
    callId,
  );
  assert.deepEqual(
    written?.map(({ id }) => id),
    [`${callId}-0`, `${callId}-1`, `${callId}-2`, "a", `${callId}-4`, `${callId}-5`],
  );
});

test("arguments that are nested without end cannot be written", () => {
  const deep: unknown = JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`);
  assert.equal(writtenCalls([{ id: "a", name: "f", arguments: deep }], callId), null);
});

test("law: whatever came, the journal can carry it, and no two calls have one id", () => {
  const id = fc.option(fc.oneof(fc.string(), fc.constant("a")));
  const given = fc.array(fc.record({ id, name: fc.string({ maxLength: 300 }), arguments: fc.jsonValue() }));
  fc.assert(
    fc.property(given, (calls) => {
      const written = writtenCalls(calls, callId) ?? [];
      for (const call of written) writtenToolCall.parse(call);
      assert.deepEqual([written.length, new Set(written.map((call) => call.id)).size], [calls.length, calls.length]);
    }),
  );
});
