import assert from "node:assert/strict";
import { test } from "node:test";
import { agreed } from "../../../test/support/negotiated.ts";
import { freePrice } from "./free-price.ts";

const atMs = Date.UTC(2026, 10, 22);

test("OpenAI's moderation is free, and the table says so", () => {
  const price = freePrice({ provider: "openai", model: "omni-moderation-latest", atMs });
  assert.equal(price?.costUsd, "0");
  assert.match(price.priceVersion, /^genai-prices@/);
});

test("one that no table knows is of unknown cost", () => {
  assert.equal(freePrice({ provider: "elsewhere", model: "omni", atMs })?.costUsd, null);
});

test("one that costs is not free", () => {
  assert.equal(freePrice({ provider: "openai", model: "gpt-4o", atMs }), null);
  const negotiated = agreed({ provider: "elsewhere", model: "omni", input: "0.1", output: "0" });
  assert.equal(freePrice({ provider: "elsewhere", model: "omni", atMs, negotiated }), null);
});
