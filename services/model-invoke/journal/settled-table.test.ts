import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bodyHashOf, runIdOf } from "../../../test/support/model-invoke-fixtures.ts";
import { SettledTable } from "./settled-table.ts";

const hourMs = 3_600_000;
const body = bodyHashOf("one");
const other = bodyHashOf("another");

test("an attempt is settled after it was added, for its body only", () => {
  const table = new SettledTable(hourMs);
  assert.equal(table.standing(runIdOf(1), 1, body), "unknown");
  table.add({ runId: runIdOf(1), attempt: 1, bodySha256: body }, 0);
  assert.equal(table.standing(runIdOf(1), 1, body), "settled");
  assert.equal(table.standing(runIdOf(1), 1, other), "conflict");
  assert.equal(table.standing(runIdOf(1), 2, body), "unknown");
  assert.equal(table.standing(runIdOf(2), 1, body), "unknown");
});

test("the first body of an attempt stays its body", () => {
  const table = new SettledTable(hourMs);
  table.add({ runId: runIdOf(1), attempt: 1, bodySha256: body }, 0);
  table.add({ runId: runIdOf(1), attempt: 1, bodySha256: other }, 0);
  assert.equal(table.standing(runIdOf(1), 1, body), "settled");
  assert.equal(table.size, 1);
});

test("an attempt is remembered for the whole window and forgotten soon after", () => {
  const table = new SettledTable(hourMs);
  table.add({ runId: runIdOf(1), attempt: 1, bodySha256: body }, 599_999);
  table.forget(599_999 + hourMs);
  assert.equal(table.standing(runIdOf(1), 1, body), "settled");
  table.forget(599_999 + hourMs + hourMs / 6);
  assert.equal(table.standing(runIdOf(1), 1, body), "unknown");
  assert.equal(table.bytes, 0);
});

test("it says the same as a map, through growth and collisions", () => {
  const operation = fc.record({
    run: fc.integer({ min: 0, max: 3000 }),
    attempt: fc.integer({ min: 1, max: 3 }),
    body: fc.constantFrom(body, other),
  });
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 4000, size: "max" }), (operations) => {
      const table = new SettledTable(hourMs);
      const model = new Map<string, string>();
      for (const { run, attempt, body: bodySha256 } of operations) {
        const key = `${run}/${attempt}`;
        const known = model.get(key);
        const expected = known === undefined ? "unknown" : known === bodySha256 ? "settled" : "conflict";
        assert.equal(table.standing(runIdOf(run), attempt, bodySha256), expected);
        table.add({ runId: runIdOf(run), attempt, bodySha256 }, 0);
        if (known === undefined) model.set(key, bodySha256);
      }
      assert.equal(table.size, model.size);
    }),
    { numRuns: 20 },
  );
});

test("an attempt takes at most 75 bytes", () => {
  const table = new SettledTable(hourMs);
  for (let run = 0; run < 100_000; run++) {
    table.add({ runId: runIdOf(run), attempt: 1, bodySha256: body }, 0);
    if (run > 1000) assert.ok(table.bytes <= 75 * table.size, `${table.bytes} bytes for ${table.size}`);
  }
});
