import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import type { IdempotencyClaim } from "../../../../schemas/records/idempotency.ts";
import { DeskBench } from "../../../../test/support/desk-bench.ts";
import { TransientError } from "../../../runtime/errors.ts";
import { openClaims, type ClaimLog, type Claims } from "./claims.ts";

const topic = "harness-idempotency";
const key = "a".repeat(64);
const claimOf = (no: number, keySha256 = key): IdempotencyClaim => ({
  kind: "claim",
  client_id: "acme",
  key_sha256: keySha256,
  run_id: `0199d000-0000-7000-8000-${String(no).padStart(12, "0")}`,
  body_hmac: "b".repeat(64),
  claimed_at_ms: 1,
});

const open: Claims[] = [];
afterEach(async () => {
  for (const claims of open.splice(0)) await claims.close();
});
async function claimsOf(bench: DeskBench, options: Partial<ClaimLog> = {}): Promise<Claims> {
  const claims = await openClaims({ reader: bench.reader, publish: bench.publish, nowMs: Date.now, ...options });
  open.push(claims);
  return claims;
}

test("a claim counts when it comes back as the first, and is not read once more", async () => {
  const bench = new DeskBench();
  const recordAt: typeof bench.log.recordAt = () => assert.fail("it is known what it says");
  const claims = await claimsOf(bench, { reader: { ...bench.reader, recordAt } });
  assert.deepEqual(await claims.settle(claimOf(1)), claimOf(1));
  assert.deepEqual(bench.claims(), [claimOf(1)]);
});

test("where an earlier one stands, it is the answer, and nothing is written", async () => {
  const bench = new DeskBench();
  await (await claimsOf(bench)).settle(claimOf(1));
  const later = await claimsOf(bench);
  assert.deepEqual(await later.settle(claimOf(2)), claimOf(1));
  assert.deepEqual(await later.settle(claimOf(3, "c".repeat(64))), claimOf(3, "c".repeat(64)));
  assert.equal(bench.count(topic), 2);
});

test("one that another gateway wrote just before is the answer to who wrote later", async () => {
  const bench = new DeskBench();
  const other = await claimsOf(bench);
  const publish: typeof bench.publish = async (emissions) => {
    await other.settle(claimOf(1));
    return await bench.publish(emissions);
  };
  const claims = await claimsOf(bench, { publish });
  // It is not shown to this one before it has written its own.
  assert.deepEqual(await claims.settle(claimOf(2)), claimOf(1));
  assert.equal(bench.count(topic), 2);
});

test("a claim whose writing failed is nobody's answer unless it was written after all", async () => {
  const bench = new DeskBench();
  const failing: typeof bench.publish = async (emissions) => {
    if (emissions[0]?.id === claimOf(2).run_id) await bench.publish(emissions);
    throw new TransientError("broker_unavailable", "away");
  };
  const claims = await claimsOf(bench, { publish: failing });
  await assert.rejects(claims.settle(claimOf(1)), { code: "broker_unavailable" });
  assert.deepEqual(await claims.settle(claimOf(2)).catch(() => null), null);
  assert.deepEqual(await claims.settle(claimOf(3)), claimOf(2));
});

test("an earlier claim that cannot be read any more gives way to a new one, or is an error when it cannot", async () => {
  const bench = new DeskBench();
  await bench.publish([{ topic, key, id: "x", type: "t", value: { kind: "of another version" } }]);
  const claims = await claimsOf(bench);
  await assert.rejects(claims.settle(claimOf(1)), /cannot be read/);
});

test("records under keys that are none are passed over", async () => {
  const bench = new DeskBench();
  for (const strange of ["", "order-4711", "A".repeat(64)])
    await bench.publish([{ topic, key: strange, id: strange, type: "t", value: claimOf(1, strange) }]);
  const claims = await claimsOf(bench);
  assert.deepEqual(await claims.settle(claimOf(2)), claimOf(2));
});

test("no further back is read than claims count, and an hour", async () => {
  const bench = new DeskBench();
  const hourMs = 3_600_000;
  const nowMs = Date.now();
  const write = (no: number, keySha256: string, timestampMs: number) => {
    const value = Buffer.from(JSON.stringify(claimOf(no, keySha256)));
    bench.log.append({ topic, key: keySha256, value, headers: { ce_id: claimOf(no).run_id }, timestampMs });
  };
  write(1, "1".repeat(64), nowMs - 27 * hourMs);
  write(2, "2".repeat(64), nowMs - 23 * hourMs);
  const claims = await claimsOf(bench);
  assert.equal((await claims.settle(claimOf(3, "1".repeat(64)))).run_id, claimOf(3).run_id);
  assert.equal((await claims.settle(claimOf(4, "2".repeat(64)))).run_id, claimOf(2).run_id);
});
