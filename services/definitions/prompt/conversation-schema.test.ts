/** The ready-made conversation: in TypeScript and by its name, and what it takes under which rights. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { compileContract } from "../../guards/contract.ts";
import { conversation, defineHarness, readHarness } from "../define-harness.ts";
import { conversationRef } from "./conversation-schema.ts";

const call = { id: "c1", name: "look_up", arguments: { any: ["thing", { at: 1 }] } };
const turns = {
  user: { role: "user", content: "Hi" },
  system: { role: "system", content: "Be kind." },
  tool: { role: "tool", content: "42", tool_call_id: "c1" },
  calling: { role: "assistant", content: "", tool_calls: [call] },
  named: { role: "user", content: "Hi", name: "Ann" },
  badlyNamed: { role: "assistant", content: "", tool_calls: [{ ...call, name: "look up" }] },
} as const;

const harnessOf = (rights: { readonly instructions: boolean; readonly tools: boolean }) =>
  defineHarness({
    name: "talk",
    input: { schema: z.strictObject({ turns: conversation(rights) }) },
    prompt: { messages: "turns" },
    models: [{ provider: "openai", model: "gpt-4o" }],
    callers: rights,
  });

const cases: readonly [rights: readonly string[], taken: readonly string[]][] = [
  [[], ["user"]],
  [["instructions"], ["user", "system"]],
  [["tools"], ["user", "tool", "calling"]],
  [
    ["instructions", "tools"],
    ["user", "system", "tool", "calling"],
  ],
];
for (const [rights, taken] of cases) {
  const harness = harnessOf({ instructions: rights.includes("instructions"), tools: rights.includes("tools") });
  test(`with ${rights.join(" and ") || "no right"} it takes ${taken.join(", ")} turns`, () => {
    const judge = compileContract(harness.input.schema);
    const kept = Object.entries(turns).flatMap(([name, turn]) => (judge({ turns: [turn] }).length === 0 ? [name] : []));
    assert.deepEqual(kept, taken);
  });

  test(`its name in YAML means the same with ${rights.join(" and ") || "no right"}`, () => {
    const { $schema: _dialect, ...written } = z.toJSONSchema(z.strictObject({ turns: z.string() }), { io: "input" });
    const read = readHarness({
      name: "talk",
      input: { schema: { ...written, properties: { turns: { $ref: conversationRef } } } },
      prompt: { messages: "turns" },
      models: [{ provider: "openai", model: "gpt-4o" }],
      callers: Object.fromEntries(rights.map((right) => [right, true])),
    });
    assert.ok(read.kind === "loaded", JSON.stringify(read));
    assert.deepEqual(read.definition.input.schema["properties"], harness.input.schema["properties"]);
  });
}

test("the name stands for nothing in another field", () => {
  const read = readHarness({
    name: "talk",
    input: { schema: { type: "object", properties: { other: { $ref: conversationRef } }, required: ["other"] } },
    prompt: { user: "{{other}}" },
    models: [{ provider: "openai", model: "gpt-4o" }],
  });
  assert.equal(read.kind, "rejected");
});
