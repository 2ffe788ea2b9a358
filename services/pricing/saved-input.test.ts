/** What a shorter prompt saves, to the cent of a cent, and what is said when no price is known. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { agreed } from "../../test/support/negotiated.ts";
import { savedInputUsd } from "./saved-input.ts";

const atMs = Date.UTC(2026, 10, 22);

test("the tokens that were cut, at the model's input price", () => {
  const saved = savedInputUsd(
    { provider: "openai", model: "gpt-4o", atMs },
    { tokensBefore: 300_000, tokensAfter: 100_000 },
  );
  assert.equal(saved, "0.5");
});

test("a negotiated price counts", () => {
  const negotiated = agreed({ provider: "openai", model: "gpt-4o", input: "1", output: "4" });
  const saved = savedInputUsd(
    { provider: "openai", model: "gpt-4o", atMs, negotiated },
    { tokensBefore: 2000, tokensAfter: 1000 },
  );
  assert.equal(saved, "0.001");
});

test("what is dearer above a length is saved at the dearer price for every token", () => {
  const model = { provider: "anthropic", model: "claude-sonnet-4-5", atMs };
  const short = savedInputUsd(model, { tokensBefore: 200_000, tokensAfter: 100_000 });
  const long = savedInputUsd(model, { tokensBefore: 300_000, tokensAfter: 200_000 });
  assert.ok(Number(long) > Number(short) && short !== null, `${long} and ${short}`);
});

test("nothing cut saves nothing; an unknown model is null, not zero", () => {
  const counts = { tokensBefore: 10, tokensAfter: 10 };
  assert.equal(savedInputUsd({ provider: "openai", model: "gpt-4o", atMs }, counts), "0");
  assert.equal(savedInputUsd({ provider: "openai", model: "no-such-model", atMs }, counts), null);
});
