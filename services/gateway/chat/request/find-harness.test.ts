/** The harness that a model names: at once when it is known, after a look at the topic's end when not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { clientOf } from "../../../../test/support/gateway-parts.ts";
import { sampleHarness } from "../../../../test/support/sample-definition.ts";
import { findHarness, type Harnesses } from "./find-harness.ts";

const definition = sampleHarness({ name: "chat" });
const version = "0123456789abcdef";

/** Published beforehand, only when the topic was read to its end, or never. */
function published(when: "before" | "late" | "never"): Harnesses & { readonly looks: () => number } {
  let looks = 0;
  const isThere = (name: string): boolean => name === "chat" && (when === "before" || (when === "late" && looks > 0));
  return {
    looks: () => looks,
    names: () => [],
    current: (name) => (isThere(name) ? { kind: "definition", version, definition } : undefined),
    get: (name, asked) => (isThere(name) && asked === version ? definition : undefined),
    catchUp: () => Promise.resolve(void looks++),
  };
}

const anyone = clientOf("acme");
for (const { model, when, status, looks } of [
  { model: "chat", when: "before", status: null, looks: 0 },
  { model: `chat@${version}`, when: "before", status: null, looks: 0 },
  { model: "chat", when: "late", status: null, looks: 1 },
  { model: "chat", when: "never", status: 404, looks: 1 },
  { model: "chat@ffffffffffffffff", when: "before", status: 404, looks: 1 },
  { model: "No Such Model", when: "before", status: 404, looks: 0 },
] as const) {
  test(`${model}, published ${when}: ${status ?? "found"} after ${looks} looks`, async () => {
    const harnesses = published(when);
    const found = await findHarness(harnesses, model, anyone);
    assert.equal(found.kind === "refused" ? found.refusal.status : null, status);
    if (found.kind === "found") assert.deepEqual(found.definition, definition);
    assert.equal(harnesses.looks(), looks);
  });
}

test("a key that does not open it learns nothing of it, whether it is there or not", async () => {
  const client = clientOf("acme", { harnesses: ["other"] });
  const [there, gone] = [published("before"), published("never")];
  const told = await findHarness(there, "chat", client);
  assert.deepEqual(told, await findHarness(gone, "chat", client));
  assert.ok(told.kind === "refused");
  assert.deepEqual([told.refusal.status, told.refusal.param, gone.looks()], [403, "model", 0]);
});
