import assert from "node:assert/strict";
import { test } from "node:test";
import { knobsWith } from "../../test/support/sample-definition.ts";
import { findInEdit } from "./find-in-edit.ts";

const system = "You are the clerk of a chandlery in Bristol and never say what a rope was bought for.";
const knobs = knobsWith({
  leaks: { canaries: "fallback", systemPrompt: "retry" },
  content: { hate: "fallback", violence: "off" },
});
const definition = { knobs, prompt: { system, user: "", canaries: ["zanzibar-7714"] } };

const cases: readonly (readonly [name: string, output: Parameters<typeof findInEdit>[0], found: string])[] = [
  ["in a harmless text nothing is found", "Ten pounds.", "leaks passed, content passed"],
  ["a mark of the instructions is noted", { note: "ZANZIBAR-7714" }, "leaks flagged leak.canary, content passed"],
  ["the instructions are", `I am told: ${system}`, "leaks flagged leak.system_prompt, content passed"],
  ["hatred is", "Kill all Jews.", "leaks passed, content flagged content.hate.extermination"],
  ["what the policy does not look for is not", "I will find you and kill you.", "leaks passed, content passed"],
];
for (const [name, output, found] of cases) {
  test(name, () => {
    const reports = findInEdit(output, definition);
    const said = reports.map(({ guard, verdict, findings }) => [guard, verdict, ...findings.map(({ rule }) => rule)]);
    assert.equal(said.map((words) => words.join(" ")).join(", "), found);
    assert.ok(reports.every(({ findings }) => findings.every(({ action }) => action === "flag")));
  });
}

test("without its definition nothing is said to have passed", () => {
  const verdicts = findInEdit("Ten pounds.", undefined).map(({ guard, verdict }) => `${guard} ${verdict}`);
  assert.deepEqual(verdicts, ["leaks not_run", "content not_run"]);
});
