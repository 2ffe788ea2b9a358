/** What becomes of an upload: once, joined, completed after it was cut off, or a conflict. */
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { runRequest, type RunRequest } from "../../../../schemas/records/run-request.ts";
import { DeskBench } from "../../../../test/support/desk-bench.ts";
import { TransientError } from "../../../runtime/errors.ts";
import { batchRunId } from "../../../runtime/requests/run-ids.ts";
import { readUpload, type Upload } from "../upload/read-upload.ts";
import type { HandedBatch } from "./batch-desk.ts";
import { openBatchDesk, type BatchDeskOptions } from "./open-batch-desk.ts";

const version = "0123456789abcdef";
const lane = "harness-requests-batch";
let bench = new DeskBench();
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const desk of open.splice(0)) await desk.close();
  bench = new DeskBench();
});

async function deskOf(options: Partial<BatchDeskOptions> = {}) {
  const { offsets, offsetAt, read, follow } = bench.log;
  const desk = await openBatchDesk({
    reader: { offsets, offsetAt, read, follow },
    producer: { publish: bench.publish },
    secretKey: undefined,
    gatewayKey: undefined,
    nowMs: Date.now,
    ...options,
  });
  open.push(desk);
  return desk;
}

async function uploadOf(lines: number, about = "rope"): Promise<Upload> {
  const body = Array.from({ length: lines }, (_, index) => `{"input":{"text":"${about} ${index}"}}\n`).join("");
  const upload = await readUpload(Buffer.from(body), "openai");
  return "status" in upload ? assert.fail(upload.message) : upload;
}

async function handed(lines: number, more: Partial<HandedBatch> = {}): Promise<HandedBatch> {
  const harness = { name: "summarise", version };
  return { clientId: "acme", harness, deadlineMs: 60_000, upload: await uploadOf(lines), idempotencyKey: "k", ...more };
}

const requests = (): readonly RunRequest[] => bench.log.values(lane).map((value) => runRequest.parse(value));

/** Publishes until the limit of requests is reached, and fails then, as a gateway that is killed. */
function dyingAfter(limit: number): BatchDeskOptions["producer"] {
  let published = 0;
  return {
    publish: async (emissions) => {
      if (emissions[0]?.topic !== lane) return await bench.publish(emissions);
      const some = emissions.slice(0, limit - published);
      published += some.length;
      const acks = await bench.publish(some);
      if (some.length < emissions.length) throw new TransientError("broker_unavailable", "away");
      return acks;
    },
  };
}

test("every line is a run on the lane for batches, under an id that follows from batch, line and version", async () => {
  const desk = await deskOf();
  const accepted = await desk.accept(await handed(250, { feature: "digest" }));
  assert.ok(accepted.kind === "accepted" && !accepted.joined);
  const { taken } = accepted.batch;
  assert.equal(requests().length, 250);
  for (const { run_id, document, deadline_at_ms, harness_version, client_id, feature } of requests()) {
    assert.equal(run_id, batchRunId(taken.batch_id, document?.sha256 ?? "", version));
    assert.deepEqual(
      [document?.batch_id, deadline_at_ms, harness_version, client_id, feature],
      [taken.batch_id, taken.deadline_at_ms, version, "acme", "digest"],
    );
  }
  assert.equal(desk.find(taken.batch_id)?.isPublished, true);
});

test("the same key is the same batch at every gateway, with its first version and deadline, and publishes nothing", async () => {
  const first = await (await deskOf()).accept(await handed(3));
  const later = await handed(3, { harness: { name: "summarise", version: "f".repeat(16) }, deadlineMs: 5 });
  const again = await (await deskOf()).accept(later);
  assert.ok(first.kind === "accepted" && again.kind === "accepted" && again.joined);
  assert.deepEqual(again.batch.taken, first.batch.taken);
  assert.equal(requests().length, 3);
});

for (const { name, other } of [
  { name: "another upload", other: async () => ({ upload: await uploadOf(3, "wire") }) },
  { name: "another harness", other: async () => ({ harness: { name: "digest", version } }) },
  { name: "another feature", other: async () => ({ feature: "digest" }) },
]) {
  test(`the same key with ${name} is a conflict, and publishes nothing`, async () => {
    const desk = await deskOf();
    await desk.accept(await handed(3));
    assert.deepEqual(await desk.accept(await handed(3, await other())), { kind: "key_conflict" });
    assert.equal(requests().length, 3);
  });
}

test("another client's same key is another batch, and so is each upload without one", async () => {
  const desk = await deskOf();
  const ids = new Set<string>();
  for (const more of [{}, { clientId: "other" }, { idempotencyKey: undefined }, { idempotencyKey: undefined }]) {
    const accepted = await desk.accept(await handed(2, more));
    if (accepted.kind === "accepted") ids.add(accepted.batch.taken.batch_id);
  }
  assert.equal(ids.size, 4);
  assert.equal(requests().length, 8);
});

for (const published of [0, 1, 100, 101, 249]) {
  test(`cut off after ${published} runs, the retry at another gateway publishes the others and no run twice`, async () => {
    const dying = await deskOf({ producer: dyingAfter(published) });
    await assert.rejects(dying.accept(await handed(250)), { code: "broker_unavailable" });
    assert.equal(requests().length, published);
    const accepted = await (await deskOf()).accept(await handed(250));
    assert.ok(accepted.kind === "accepted" && accepted.joined && accepted.batch.isPublished);
    assert.equal(requests().length, 250);
    assert.equal(new Set(requests().map(({ run_id }) => run_id)).size, 250);
  });
}

test("the same upload twice at once is published once", async () => {
  const desk = await deskOf();
  const both = await Promise.all([desk.accept(await handed(150)), desk.accept(await handed(150))]);
  assert.ok(both.every(({ kind }) => kind === "accepted"));
  assert.equal(requests().length, 150);
});

test("a batch's record holds nothing of its lines or its key", async () => {
  const canary = "canary-key";
  await (await deskOf()).accept(await handed(1, { upload: await uploadOf(1, "canary-text"), idempotencyKey: canary }));
  assert.doesNotMatch(JSON.stringify(bench.log.values("harness-batches")), /canary/);
});

test("a cancellation is the order that stages know batches by", async () => {
  const desk = await deskOf();
  const accepted = await desk.accept(await handed(1));
  assert.ok(accepted.kind === "accepted");
  const { batch_id } = accepted.batch.taken;
  await desk.cancel(accepted.batch.taken, "no longer needed", { kind: "api_key", id: "k1" });
  assert.match(JSON.stringify(bench.log.values("harness-audit")), /"k1".*"batch.cancelled"/);
  const [order] = bench.log.values("harness-commands");
  assert.deepEqual((({ kind, target }: { kind?: string; target?: object }) => ({ kind, target }))(Object(order)), {
    kind: "cancel",
    target: { scope: "batch", client_id: "acme", batch_id },
  });
});

test("a client's batches are told newest first, and nobody else's", async () => {
  const desk = await deskOf();
  for (const idempotencyKey of ["a", "b", "c"]) await desk.accept(await handed(1, { idempotencyKey }));
  await desk.accept(await handed(1, { clientId: "other" }));
  const latest = desk.latest("acme", 2);
  assert.equal(latest.length, 2);
  assert.ok(latest.every(({ taken }) => taken.client_id === "acme"));
  assert.ok((latest[0]?.offset ?? -1n) !== latest[1]?.offset);
});
