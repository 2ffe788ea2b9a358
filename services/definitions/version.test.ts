/** A version is the content's hash: any change has another one, and the order of fields is no change. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { defineHarness } from "./define-harness.ts";
import { definitionVersion } from "./version.ts";

const harness = defineHarness({
  name: "versioned",
  input: { schema: z.object({ text: z.string() }) },
  prompt: { system: "Be brief.", user: "{{text}}" },
  models: [{ provider: "openai", model: "gpt-4o" }],
});

test("is 16 hex digits, and known for a known document", () => {
  assert.match(definitionVersion(harness), /^[0-9a-f]{16}$/);
  assert.equal(definitionVersion(harness), definitionVersion(structuredClone(harness)));
});

test("does not depend on the order of fields", () => {
  const { name, ...rest } = harness;
  assert.equal(definitionVersion({ ...rest, name }), definitionVersion(harness));
});

test("changes with any field, however deep", () => {
  const versions = [
    harness,
    { ...harness, prompt: { ...harness.prompt, system: "Be brief!" } },
    { ...harness, temperature: 0 },
    { ...harness, knobs: { ...harness.knobs, pii: { ...harness.knobs.pii, entities: { email: "allow" as const } } } },
    { ...harness, models: harness.models.map((tier) => ({ ...tier, timeoutMs: tier.timeoutMs + 1 })) },
  ].map(definitionVersion);
  assert.equal(new Set(versions).size, versions.length);
});
