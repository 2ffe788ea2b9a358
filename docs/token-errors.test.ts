/** Errors are shares of the true count, of all texts together and of single ones. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { estimateTokens } from "../services/guards/tokens/estimate.ts";
import { errorsOf } from "./token-errors.ts";

test("an estimate that is right has no error", () => {
  const { all, low, high } = errorsOf(["one text", "and another"], (text) => estimateTokens(text, "openai"));
  assert.deepEqual([all, low, high], [0, 0, 0]);
});

test("half of the true count is minus fifty per cent, and long texts weigh more in the whole", () => {
  const long = "word ".repeat(100);
  const { all, low, high } = errorsOf(
    [long, "word"],
    (text) => estimateTokens(text, "openai") * (text === long ? 2 : 1),
  );
  assert.deepEqual([low, high], [-0.5, 0]);
  assert.ok(all < -0.49 && all > -0.5);
});
