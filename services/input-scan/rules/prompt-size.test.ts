/** What travels on is bounded in bytes, as JSON will write it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkPromptSize, maxPromptBytes } from "./prompt-size.ts";

const prompt = (content: string, context?: string) => ({
  messages: [{ role: "user" as const, content }] as const,
  context,
  tokens: 1,
});

const fine: readonly [what: string, content: string][] = [
  ["a short prompt", "x"],
  ["3 MiB of letters", "x".repeat(3 * 1024 * 1024)],
];
for (const [what, content] of fine) test(`${what} passes`, () => assert.equal(checkPromptSize(prompt(content)), null));

const large: readonly [what: string, content: string, context?: string][] = [
  ["letters above the limit", "x".repeat(maxPromptBytes + 1)],
  ["prompt and context that are above it together", "x".repeat(3_000_000), "x".repeat(3_000_000)],
  ["control characters, each six bytes as JSON", "\u0001".repeat(1024 * 1024)],
  ["characters of three bytes", "漢".repeat(2 * 1024 * 1024)],
];
for (const [what, content, context] of large) {
  test(`${what}: refused`, () => {
    const outcome = checkPromptSize(prompt(content, context));
    assert.equal(outcome?.reasons[0]?.code, "prompt_too_large");
    assert.equal(outcome?.report.verdict, "blocked");
  });
}
