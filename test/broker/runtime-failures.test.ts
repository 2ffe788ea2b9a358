/**
 * The shell on a real broker: poison records, dead letters, outages, bugs,
 * bounds, and traces.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { z } from "zod";
import { readDeadLetter } from "../../services/runtime/delivery/dead-letter.ts";
import { createTopics } from "../../services/runtime/kafka/create-topics.ts";
import { ConformanceBench, partitions } from "../support/conformance-bench.ts";

let bench: ConformanceBench;
before(async () => void (bench = await ConformanceBench.open()));
after(() => bench.close());

const all = (ids: readonly string[], what: string) => ids.map((id) => ({ id, do: what }));
const done = (ids: readonly string[]) => () => {
  const said = new Set(bench.said("end"));
  return ids.every((id) => said.has(id));
};
const finish = async (worker: { signal(name: NodeJS.Signals): void; exited: Promise<number | null> }) => {
  worker.signal("SIGTERM");
  assert.equal(await worker.exited, 0);
};
const deadLettersOf = async (partition: number) =>
  (await bench.readAll("harness-requests-dlq")).filter((record) => record.partition === partition);
const committedPast =
  (offset: bigint | undefined, partition = 0) =>
  async () =>
    (await bench.committed(partition)).low > Number(offset);

test("a poison record goes to its dead letters byte for byte, with the reason beside, and the rest goes on", async () => {
  const worker = await bench.start();
  const [poison = "", after_ = ""] = bench.ids(2);
  const value = Buffer.from(JSON.stringify({ id: poison, do: "poison", note: "ä\u0000\n" }));
  const key = Buffer.from([0, 255, 1, 254]);
  const binary = Buffer.from([0xc3, 0x28, 0x00]);
  const headers = { traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "x-binary": binary };
  const [{ offset } = { offset: -1n }] = await bench.send([{ partition: 2, key, value, headers }]);
  const next = await bench.publish(all([after_], "emit"), 2);
  await bench.until("both done", committedPast(next[0], 2));
  await finish(worker);
  const [record] = await deadLettersOf(2);
  assert.ok(record);
  assert.deepEqual([record.key, record.value], [key, value]);
  const letter = readDeadLetter(record);
  assert.deepEqual(letter?.source, { topic: "harness-requests", partition: 2, offset });
  assert.deepEqual(
    [letter?.code, letter?.disposition, letter?.stage, letter?.group, letter?.replayCount],
    ["not_json", "poison", "input-scan", "breakwater-input-scan", 0],
  );
  assert.equal(letter?.headers["traceparent"], headers.traceparent);
  const raw = await rawHeader("harness-requests-dlq", 2, "x-binary");
  assert.deepEqual(raw, binary, "a header that is not text keeps its bytes");
  assert.ok(!worker.log().includes("note"), "no content in the log");
});

/** Read by kafkajs, which leaves header bytes as they are. */
async function rawHeader(topic: string, partition: number, name: string): Promise<unknown> {
  const consumer = bench.kafka.consumer({ groupId: `raw-${topic}` });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  const found = Promise.withResolvers<unknown>();
  await consumer.run({
    eachMessage: ({ message, partition: at }) => {
      if (at === partition) found.resolve(message.headers?.[name]);
      return Promise.resolve();
    },
  });
  const value = await found.promise;
  await consumer.disconnect();
  return value;
}

test("a record that is refused is emitted for the user and dead-lettered for the operator", async () => {
  const worker = await bench.start();
  const ids = bench.ids(1);
  const offsets = await bench.publish(all(ids, "refuse"), 3);
  await bench.until("committed", committedPast(offsets[0], 3));
  await finish(worker);
  assert.deepEqual(await bench.emitted(ids), [1]);
  const [record] = await deadLettersOf(3);
  assert.equal(record && readDeadLetter(record)?.disposition, "rejected");
});

test("while the dead letters cannot be written the record is not done; others go on; then it is", async () => {
  await bench.admin.deleteTopics({ topics: ["harness-requests-dlq"] });
  const worker = await bench.start();
  const [poison = "", ...others] = bench.ids(6);
  const offsets = await bench.publish([{ id: poison, do: "poison" }, ...all(others, "emit")]);
  await bench.until("the others done", done(others));
  await bench.until(
    "they are committed around it",
    async () => (await bench.committed()).done.length === others.length,
  );
  assert.equal((await bench.committed()).low, Number(offsets[0]));
  await createTopics({ kafka: bench.kafka, partitions, replicationFactor: 1 });
  await bench.until("committed", committedPast(offsets.at(-1)));
  await finish(worker);
  const letters = (await deadLettersOf(0)).map(readDeadLetter);
  assert.deepEqual(
    letters.map((letter) => letter?.source.offset),
    [offsets[0]],
  );
});

test("a record that fails for a while keeps its place, closes its partition only, and succeeds later", async () => {
  const worker = await bench.start();
  const [failing = "", late = "", elsewhere = ""] = bench.ids(3);
  const offsets = await bench.publish([{ id: failing, do: "transient" }], 1);
  await bench.until("it has failed for a while", () => worker.log().includes("keeps failing"));
  offsets.push(...(await bench.publish(all([late], "emit"), 1)));
  await bench.publish(all([elsewhere], "emit"), 2);
  await bench.until("another partition goes on", done([elsewhere]));
  assert.deepEqual(
    bench.said("start").filter((id) => id === late),
    [],
    "its own partition takes nothing in",
  );
  assert.equal((await bench.committed(1)).low <= Number(offsets[0]), true);
  bench.allow(failing);
  await bench.until("both done", done([failing, late]));
  await bench.until("committed", committedPast(offsets[1], 1));
  await finish(worker);
  assert.deepEqual(await bench.emitted([failing, late]), [1, 1]);
});

test("a bug ends the process with status 1 and without content in the log; the record is still there", async () => {
  const worker = await bench.start();
  const ids = bench.ids(1);
  const secret = "canary-91ce";
  const value = Buffer.from(JSON.stringify({ id: ids[0], do: "bug", input: secret }));
  const [ack] = await bench.send([{ partition: 0, key: "k", value, headers: {} }]);
  assert.equal(await worker.exited, 1);
  assert.match(worker.log(), /TypeError/);
  assert.doesNotMatch(worker.log(), new RegExp(secret));
  assert.ok((await bench.committed()).low <= Number(ack?.offset));
  await bench.admin.deleteTopicRecords({
    topic: "harness-requests",
    partitions: [{ partition: 0, offset: String(Number(ack?.offset) + 1) }],
  });
});

test("nothing but dead letters of one kind stops the stage with status 3, in order", async () => {
  const worker = await bench.start({ BREAKWATER_MAX_DEAD_LETTERS_IN_ROW: "20", BREAKWATER_MAX_IN_FLIGHT: "5" });
  const ids = bench.ids(200);
  await bench.publish(all(ids, "poison"), 2);
  assert.equal(await worker.exited, 3);
  assert.match(worker.log(), /nothing but dead letters/);
  const before = bench.said("start").length;
  const rest = await bench.start({ BREAKWATER_MAX_DEAD_LETTERS_IN_ROW: "1000" });
  await bench.until("the rest done", async () => {
    const letters = (await deadLettersOf(2)).map(readDeadLetter).filter((letter) => letter?.code === "not_json");
    return letters.length >= ids.length;
  });
  await finish(rest);
  assert.ok(bench.said("start").length > before, "what was left was not dropped");
});

test("bad settings end it with status 2 and one line for each problem", async () => {
  const worker = await bench.start({ BREAKWATER_COMMIT_INTERVAL_MS: "soon", BREAKWATER_MAX_INFLIGHT: "3" }, "spawned");
  assert.equal(await worker.exited, 2);
  assert.match(worker.log(), /BREAKWATER_COMMIT_INTERVAL_MS/);
  assert.match(worker.log(), /BREAKWATER_MAX_INFLIGHT is not a setting/);
});

test("a record larger than the byte bound is still processed, and the bound holds the others back", async () => {
  const worker = await bench.start({ BREAKWATER_MAX_IN_FLIGHT_BYTES: "100000" });
  const ids = bench.ids(12);
  const big = (id: string) => Buffer.from(JSON.stringify({ id, do: "wait", padding: "x".repeat(400_000) }));
  const sent = await bench.send(ids.map((id) => ({ partition: 1, key: id, value: big(id), headers: {} })));
  await bench.until("some run", () => ids.some((id) => bench.said("start").includes(id)));
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const running = ids.filter((id) => bench.said("start").includes(id)).length;
  assert.ok(running < ids.length, `all ${running} run`);
  bench.allow(...ids);
  await bench.until("committed", committedPast(sent.at(-1)?.offset, 1));
  await finish(worker);
});

test("a commit by another program is no map: from its offset everything is processed", async () => {
  const ids = bench.ids(5);
  const offsets = await bench.publish(all(ids, "emit"), 3);
  const start = { partition: 3, offset: String(offsets[2]), metadata: "another program's" };
  await bench.admin.setOffsets({ groupId: "breakwater-input-scan", topic: "harness-requests", partitions: [start] });
  const worker = await bench.start();
  await bench.until("committed", committedPast(offsets.at(-1), 3));
  await finish(worker);
  assert.deepEqual(await bench.emitted(ids), [0, 0, 1, 1, 1]);
});

test("a publisher's transactions leave no hole: aborted records are not processed, markers stop nothing", async () => {
  const worker = await bench.start();
  const producer = bench.kafka.producer({ transactionalId: "publisher", idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  const [kept = "", dropped = "", last = ""] = bench.ids(3);
  for (const id of [kept, dropped, last]) {
    const transaction = await producer.transaction();
    const value = JSON.stringify({ id, do: "emit" });
    await transaction.send({ topic: "harness-requests", messages: [{ key: id, value, partition: 0 }] });
    await (id === dropped ? transaction.abort() : transaction.commit());
  }
  await producer.disconnect();
  const end = (await bench.reader.offsets("harness-requests")).get(0)?.high ?? 0n;
  await bench.until("committed past the last marker", committedPast(end - 1n));
  await finish(worker);
  assert.deepEqual(await bench.emitted([kept, dropped, last]), [1, 0, 1]);
});

test("a broker that dies and comes back: what was in progress is finished, nothing is lost", async () => {
  const worker = await bench.start();
  const ids = bench.ids(50);
  await bench.publish(all(ids, "wait"));
  await bench.until("all run", () => ids.every((id) => bench.said("start").includes(id)));
  await bench.broker.kill();
  bench.allow(...ids);
  await bench.until("the stage decided", done(ids));
  await bench.broker.restart();
  await bench.until("all emitted", async () => (await bench.emitted(ids)).every((count) => count >= 1));
  const more = bench.ids(5);
  const offsets = await bench.publish(all(more, "emit"));
  await bench.until("and more", committedPast(offsets.at(-1)));
  await finish(worker);
});

const exported = z.object({
  resourceSpans: z.array(
    z.object({
      scopeSpans: z.array(
        z.object({
          spans: z.array(
            z.object({
              traceId: z.string(),
              spanId: z.string(),
              parentSpanId: z.string().optional(),
              name: z.string(),
            }),
          ),
        }),
      ),
    }),
  ),
});

test("a trace goes on through the stage: its span is a child of the publisher's, and the parent of what it emits", async () => {
  const file = path.join(bench.folder, "traces.jsonl");
  const worker = await bench.start({ BREAKWATER_TRACE_FILE: file });
  const [traced = "", unsampled = "", fresh = ""] = bench.ids(3);
  const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
  const parentOf: Record<string, string | undefined> = {
    [traced]: `00-${traceId}-00f067aa0ba902b7-01`,
    [unsampled]: `00-${"a".repeat(32)}-00f067aa0ba902b7-00`,
  };
  const records = [traced, unsampled, fresh].map((id) => {
    const traceparent = parentOf[id];
    const headers: Record<string, string> = traceparent === undefined ? {} : { traceparent };
    return { partition: 0, key: id, value: Buffer.from(JSON.stringify({ id, do: "emit" })), headers };
  });
  const acks = await bench.send(records);
  await bench.until("committed", committedPast(acks.at(-1)?.offset));
  await finish(worker);
  const spans = readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .flatMap((line) => exported.parse(JSON.parse(line)).resourceSpans)
    .flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
  const headerOf = async (id: string) =>
    (await bench.readAll("harness-scanned")).find(({ headers }) => headers["ce_id"] === `out-${id}`)?.headers;
  const span = spans.find((each) => each.traceId === traceId);
  assert.deepEqual([span?.name, span?.parentSpanId], ["process harness-requests", "00f067aa0ba902b7"]);
  assert.equal((await headerOf(traced))?.["traceparent"], `00-${traceId}-${span?.spanId}-01`);
  assert.match((await headerOf(unsampled))?.["traceparent"] ?? "", /^00-a{32}-[0-9a-f]{16}-00$/);
  assert.ok(!spans.some((each) => each.traceId === "a".repeat(32)), "not sampled, not written");
  assert.match((await headerOf(fresh))?.["traceparent"] ?? "", /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  assert.equal((await headerOf(fresh))?.["origin"], `harness-requests/0/${acks.at(-1)?.offset}`);
});
