/** The protocol of a conversation with tools: what is taken, what is refused and where, and laws over all of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Message } from "../../../schemas/parts/content.ts";
import { numberCalls, readConversation } from "./conversation.ts";

const all = { instructions: true, tools: true };
const user: Message = { role: "user", content: "Oslo?" };
const said: Message = { role: "assistant", content: "4 C." };
const told: Message = { role: "system", content: "You are brief." };
const asks = (...ids: readonly string[]): Message => ({
  role: "assistant",
  content: "",
  tool_calls: ids.map((id) => ({ id, name: "weather", arguments: { city: "Oslo" } })),
});
const gave = (id: string): Message => ({ role: "tool", content: "4 C", tool_call_id: id });

const taken: readonly [what: string, turns: readonly Message[]][] = [
  ["a question", [user]],
  ["a talk", [user, said, user]],
  ["a talk that the assistant began", [said, user]],
  ["a call with its result, to be answered", [user, asks("a"), gave("a")]],
  ["several calls, their results in any order", [user, asks("a", "b"), gave("b"), gave("a")]],
  ["a call after a call", [user, asks("a"), gave("a"), asks("b"), gave("b")]],
  ["the same id again in a later turn", [user, asks("a"), gave("a"), asks("a"), gave("a"), said, user]],
  ["instructions first", [told, user]],
  ["instructions anywhere, also between a call and its result", [user, asks("a"), told, gave("a"), said, user, told]],
];
for (const [what, turns] of taken) {
  test(`takes ${what}`, () => {
    assert.deepEqual(readConversation(turns, all), { kind: "read", messages: turns });
  });
}

const broken: readonly [what: string, turns: unknown, ...breaches: readonly string[]][] = [
  ["nothing", undefined, " invalid_type"],
  ["an empty list", [], " too_small"],
  ["a role that there is not", [{ role: "developer", content: "x" }], "/0/role invalid_value"],
  ["content that is no text", [{ role: "user", content: ["x"] }], "/0/content invalid_type"],
  ["instructions alone", [told], " last_turn"],
  ["an end with the assistant", [user, said], "/1/role last_turn"],
  ["a call without a result at the end", [user, asks("a")], "/1/tool_calls calls_are_answered", "/1/role last_turn"],
  ["a call without a result before the user's turn", [user, asks("a"), user], "/1/tool_calls calls_are_answered"],
  ["one of two calls without a result", [user, asks("a", "b"), gave("a"), user], "/1/tool_calls calls_are_answered"],
  ["calls on calls", [user, asks("a"), asks("b"), gave("b")], "/1/tool_calls calls_are_answered"],
  ["a result first", [gave("a"), user], "/0/tool_call_id result_answers_call"],
  ["a result of an unknown call", [user, said, gave("a"), user], "/2/tool_call_id result_answers_call"],
  ["a result twice", [user, asks("a"), gave("a"), gave("a")], "/3/tool_call_id result_answers_call"],
  [
    "a result after another turn",
    [user, asks("a"), user, gave("a")],
    "/1/tool_calls calls_are_answered",
    "/3/tool_call_id result_answers_call",
  ],
  [
    "a result that names no call",
    [user, asks("a"), { role: "tool", content: "4 C" }],
    "/2/tool_call_id result_names_call",
    "/1/tool_calls calls_are_answered",
  ],
  ["two calls under one id", [user, asks("a", "a"), gave("a")], "/1/tool_calls call_ids_differ"],
  ["calls of the user", [{ ...asks("a"), role: "user" }, gave("a")], "/0/tool_calls field_of_role"],
  ["a result of the user", [{ ...user, tool_call_id: "a" }], "/0/tool_call_id field_of_role"],
];
for (const [what, turns, ...breaches] of broken) {
  test(`refuses ${what}, and says where`, () => {
    const read = readConversation(turns, all);
    assert.equal(read.kind, "broken");
    assert.deepEqual(read.kind === "broken" && read.breaches.map(({ path, rule }) => `${path} ${rule}`), breaches);
  });
}

test("roles beside user and assistant need a right each", () => {
  const turns = [told, user, asks("a"), gave("a")];
  const needed = (rights: Parameters<typeof readConversation>[1]): readonly string[] => {
    const read = readConversation(turns, rights);
    return read.kind === "broken" ? read.breaches.map(({ path, rule }) => `${path} ${rule}`) : [];
  };
  const tools = ["/2/tool_calls callers.tools", "/3/role callers.tools"];
  assert.deepEqual(needed({}), ["/0/role callers.instructions", ...tools]);
  assert.deepEqual(needed({ instructions: true }), tools);
  assert.deepEqual(needed({ tools: true }), ["/0/role callers.instructions"]);
  assert.deepEqual(needed(all), []);
});

test("a breach repeats nothing that was said, and there are few of them", () => {
  const turns = Array.from({ length: 500 }, () => gave("planted-secret"));
  const read = readConversation(turns, all);
  assert.ok(read.kind === "broken");
  assert.equal(read.breaches.length, 20);
  assert.equal(JSON.stringify(read.breaches).includes("planted"), false);
});

/** A whole exchange: the user's turn, calls with all their results in some order, the assistant's words. */
const exchange = fc
  .array(fc.uniqueArray(fc.stringMatching(/^[a-z]{1,3}$/), { minLength: 1, maxLength: 3 }), { maxLength: 3 })
  .map((rounds) => [user, ...rounds.flatMap((ids) => [asks(...ids), ...ids.toReversed().map(gave)]), said]);
const talk = fc.array(exchange, { maxLength: 5 }).map((exchanges) => [...exchanges.flat(), user]);

test("law: what keeps the protocol is taken, and is not when a call or a result is left out", () => {
  fc.assert(
    fc.property(talk, fc.nat(), (turns, nth) => {
      assert.equal(readConversation(turns, all).kind, "read");
      const parts = turns.flatMap(({ role, tool_calls: calls }, at) =>
        role === "tool" || calls !== undefined ? [at] : [],
      );
      const left = parts[nth % parts.length];
      if (left !== undefined) assert.equal(readConversation(turns.toSpliced(left, 1), all).kind, "broken");
    }),
  );
});

test("law: numbers differ, stand on a call and its result alike, and keep the protocol; no id of the caller is left", () => {
  fc.assert(
    fc.property(talk, (turns) => {
      const numbered = numberCalls(turns);
      const ids = numbered.flatMap(({ tool_calls: calls = [] }) => calls.map(({ id }) => id));
      assert.equal(new Set(ids).size, ids.length);
      assert.ok(ids.every((id) => /^call\d{5}$/.test(id)));
      assert.equal(readConversation(numbered, all).kind, "read");
      const contents = (list: readonly Message[]) => list.map(({ role, content }) => `${role} ${content}`);
      assert.deepEqual(contents(numbered), contents(turns));
    }),
  );
});

test("law: anything at all is read or broken with a breach", () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      const read = readConversation(value, all);
      assert.ok(read.kind === "read" || read.breaches.length > 0);
    }),
  );
});
