/** Changes by operators, as the audit has them: told before they are made, by name, without content. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { auditRecord } from "../../../schemas/audit/record.ts";
import { cancelTarget, pauseTarget } from "../../../schemas/control/command.ts";
import type { Emission } from "../stage.ts";
import { tellChanges, versionOfRecord, versions, type Change } from "./change-record.ts";
import { orderChange } from "./order-change.ts";

const by = { kind: "api_key", id: "5f0c1e9a7b3d2846" } as const;

async function told(changes: readonly Change[]): Promise<readonly Emission[]> {
  const sent: Emission[] = [];
  await tellChanges((emissions) => (sent.push(...emissions), Promise.resolve([])), by, changes);
  return sent;
}

test("each change is a record of the audit, with an id of its own and who made it", async () => {
  const sent = await told([
    { action: "harness.applied", target: "summarise", version: "2", previous: "1" },
    { action: "key.revoked", target: "0123456789abcdef", client_id: "acme" },
  ]);
  const records = sent.map(({ value }) => auditRecord.parse(value));
  assert.deepEqual(
    records.map((record) => record.kind === "change" && [record.by, record.action, record.target, record.version]),
    [
      [by, "harness.applied", "summarise", "2"],
      [by, "key.revoked", "0123456789abcdef", undefined],
    ],
  );
  assert.equal(new Set(records.map(({ event_id: id }) => id)).size, 2);
  assert.deepEqual(
    sent.map(({ topic, key }) => [topic, key]),
    [
      ["harness-audit", "summarise"],
      ["harness-audit", "0123456789abcdef"],
    ],
  );
});

test("what is about a run stands with the run's other records", async () => {
  const run = "019aa0f1-2c00-7000-8000-000000000001";
  const [sent] = await told([orderChange({ scope: "run", run_id: run }, { why: "asked for by mistake" })]);
  assert.equal(sent?.key, run);
});

test("nothing is told of nothing", async () => {
  assert.deepEqual(await told([]), []);
});

test("a change that cannot be told is not made", async () => {
  const refused = tellChanges(() => Promise.reject(new Error("broker away")), by, [{ action: "paused", target: "x" }]);
  await assert.rejects(refused, /broker away/);
});

const orders = [
  [{ scope: "client", client_id: "acme" }, "paused", "client acme"],
  [{ scope: "harness", harness: "summarise" }, "paused", "harness summarise"],
  [{ scope: "provider", provider: "openai" }, "paused", "provider openai/*"],
  [{ scope: "provider", provider: "openai", model: "gpt-4o" }, "paused", "provider openai/gpt-4o"],
] as const;
for (const [target, action, name] of orders) {
  test(`a pause of ${name} is told as one, and so is its end`, () => {
    const parsed = pauseTarget.parse(target);
    const { action: told, target: said, why } = orderChange(parsed, { why: "its key leaked" });
    assert.deepEqual([told, said, why], [action, name, "its key leaked"]);
    assert.equal(orderChange(parsed, null).action, "resumed");
  });
}

test("a batch's cancellation names its client", () => {
  const target = cancelTarget.parse({ scope: "batch", client_id: "acme", batch_id: "b1" });
  assert.deepEqual(orderChange(target, {}), { action: "batch.cancelled", target: "b1", client_id: "acme" });
});

test("the version of a record is that of its content, and one that was not there has none", () => {
  assert.equal(versionOfRecord({ a: 1, b: 2 }), versionOfRecord({ b: 2, a: 1 }));
  assert.match(versionOfRecord({}), /^[0-9a-f]{16}$/);
  assert.deepEqual(versions(undefined, { a: 1 }), { previous: versionOfRecord({ a: 1 }) });
});
