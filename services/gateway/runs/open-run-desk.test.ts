import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import fc from "fast-check";
import { maxRequestBytes } from "../../../schemas/records/run-request.ts";
import { DeskBench, deskRun, handIn, outcome } from "../../../test/support/desk-bench.ts";
import { PoisonRecordError, TransientError } from "../../runtime/errors.ts";
import { isSignedBy, signatureHeader } from "../../runtime/secrets/request-signature.ts";
import { clientHeader } from "../../runtime/stage.ts";

const benches: DeskBench[] = [];
afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.close();
});
function openBench(): DeskBench {
  const bench = new DeskBench();
  benches.push(bench);
  return bench;
}

const unavailable = () => Promise.reject(new TransientError("broker_unavailable", "away"));

describe("taking a run in", () => {
  test("gives it an id of its own, and publishes it under that id with its client, signed for all", async () => {
    const bench = openBench();
    const desk = await bench.desk({ gatewayKey: "the-key-of-the-gateways" });
    const runId = await handIn(desk);
    assert.equal(runId[14], "7");
    assert.deepEqual(bench.requests(), [{ ...deskRun, run_id: runId }]);
    const [record] = bench.log.records("harness-requests");
    assert.equal(String(record?.key), runId);
    assert.equal(record?.headers[clientHeader], "acme");
    const signature = record?.headers[signatureHeader] ?? "";
    assert.ok(isSignedBy(["the-key-of-the-gateways"], record?.value ?? Buffer.of(), signature));
  });

  test("refuses what input-scan would find too large, before anything is written", async () => {
    const bench = openBench();
    const desk = await bench.desk();
    const run = { ...deskRun, input: { text: "x".repeat(maxRequestBytes) } };
    for (const idempotencyKey of [undefined, "k"])
      await assert.rejects(
        desk.accept({ run, idempotencyKey }),
        (error: unknown) => error instanceof PoisonRecordError && error.code === "too_large",
      );
    assert.equal(bench.count("harness-requests") + bench.count("harness-idempotency"), 0);
  });

  test("that was not acknowledged is an error, and the same key asked again leads to one run", async () => {
    const bench = openBench();
    let lost = 1;
    const publish: typeof bench.publish = async (emissions) => {
      const acks = await bench.publish(emissions);
      return emissions[0]?.topic === "harness-requests" && lost-- > 0 ? await unavailable() : acks;
    };
    const desk = await bench.desk({ producer: { publish } });
    await assert.rejects(handIn(desk, deskRun, "order-1"), { code: "broker_unavailable" });
    const again = await desk.accept({ run: deskRun, idempotencyKey: "order-1" });
    const [request] = bench.requests();
    assert.deepEqual(again, { kind: "accepted", runId: request?.run_id, joined: true });
    assert.equal(bench.count("harness-requests"), 1, "it was there: it is not published again");
  });
});

describe("waiting", () => {
  test("ends with the result, also when it came before anybody waited", async () => {
    const bench = openBench();
    const desk = await bench.desk();
    const runId = await handIn(desk);
    const waiting = outcome(desk, runId);
    await bench.end(runId);
    for (const standing of [await waiting, await outcome(desk, runId), await desk.find(runId, "acme")])
      assert.equal(standing?.kind === "ended" ? standing.result.run_id : standing?.kind, runId);
  });

  test("is not missed when the result comes before the request's acknowledgement", async () => {
    const bench = openBench();
    const publish: typeof bench.publish = async (emissions) => {
      const acks = await bench.publish(emissions);
      for (const { topic, key } of emissions) if (topic === "harness-requests") await bench.end(key);
      return acks;
    };
    const desk = await bench.desk({ producer: { publish } });
    assert.equal((await outcome(desk, await handIn(desk))).kind, "ended");
  });

  test("ends when the time is up, the signal aborts, or the answer is held, and the run goes on", async () => {
    const bench = openBench();
    const desk = await bench.desk();
    const runId = await handIn(desk);
    assert.deepEqual(await outcome(desk, runId, 0), { kind: "running" });
    const gone = new AbortController();
    const waiting = desk.wait(runId, { waitMs: 60_000, signal: gone.signal });
    gone.abort();
    assert.deepEqual(await waiting, { kind: "running" });
    assert.deepEqual(await desk.wait(runId, { waitMs: 60_000, signal: gone.signal }), { kind: "running" });
    const held = outcome(desk, runId);
    await bench.review(runId, "held");
    assert.deepEqual(await held, { kind: "in_review" });
    assert.deepEqual(await outcome(desk, runId), { kind: "in_review" });
    await bench.end(runId, { status: "released" });
    assert.equal((await outcome(desk, runId)).kind, "ended");
  });

  test("goes on by what is heard when the past cannot be read", async () => {
    const bench = openBench();
    const runId = await handIn(await bench.desk());
    const offsetAt: typeof bench.log.offsetAt = (topic, ...rest) =>
      topic === "harness-requests" ? unavailable() : bench.log.offsetAt(topic, ...rest);
    const other = await bench.desk({ reader: { ...bench.reader, offsetAt } });
    const waiting = outcome(other, runId);
    await new Promise(setImmediate);
    await bench.end(runId);
    assert.equal((await waiting).kind, "ended");
  });
});

test("a run is shown to its client alone, and one that nobody knows to nobody", async () => {
  const bench = openBench();
  const desk = await bench.desk();
  const runId = await handIn(desk);
  assert.deepEqual(await desk.find(runId, "acme"), { kind: "running" });
  assert.equal(await desk.find(runId, "globex"), null);
  await bench.end(runId);
  assert.equal((await desk.find(runId, "acme"))?.kind, "ended");
  assert.equal(await desk.find(runId, "globex"), null);
  const foreign = await bench.desk();
  assert.equal(await foreign.find(runId, "globex"), null);
  assert.equal(await desk.find("0199d000-0000-7000-8000-000000000001", "acme"), null);
});

test("a cancellation is ordered as an operator orders it", async () => {
  const bench = openBench();
  const desk = await bench.desk();
  const runId = await handIn(desk);
  await desk.cancel(runId, "its client went away", { kind: "api_key", id: "k1" });
  assert.match(String(bench.log.records("harness-audit")[0]?.value), /"run.cancelled".*"k1"|"k1".*"run.cancelled"/);
  const [record] = bench.log.records("harness-commands");
  assert.equal(String(record?.key), JSON.stringify(["cancel", "run", runId]));
  assert.match(String(record?.value), /"kind":"cancel".*went away/);
});

describe("an Idempotency-Key", () => {
  test("leads to one run, its answer is given again, and another request under it is a conflict", async () => {
    const bench = openBench();
    const desk = await bench.desk();
    const runId = await handIn(desk, { ...deskRun, deadline_at_ms: 2_000_000_000_000 }, "order-1");
    const retry = { ...deskRun, deadline_at_ms: 2_000_000_005_000, correlation_id: "second" };
    assert.deepEqual(await desk.accept({ run: retry, idempotencyKey: "order-1" }), {
      kind: "accepted",
      runId,
      joined: true,
    });
    await bench.end(runId);
    assert.equal((await outcome(desk, runId)).kind, "ended");
    const other = { ...deskRun, input: { text: "else" } };
    assert.deepEqual(await desk.accept({ run: other, idempotencyKey: "order-1" }), { kind: "key_conflict" });
    assert.notEqual(await handIn(desk, { ...deskRun, client_id: "globex" }, "order-1"), runId);
    assert.equal(bench.count("harness-requests"), 2);
  });

  test("whose gateway died before the request was out is published by the next, just as it was claimed", async () => {
    const bench = openBench();
    const dying: typeof bench.publish = async (emissions) =>
      emissions[0]?.topic === "harness-requests" ? await unavailable() : await bench.publish(emissions);
    const desk = await bench.desk({ producer: { publish: dying } });
    const claimed = { ...deskRun, deadline_at_ms: 2_000_000_000_000, correlation_id: "first" };
    await assert.rejects(handIn(desk, claimed, "order-1"));
    const next = await bench.desk();
    const retry = { ...deskRun, deadline_at_ms: 2_000_000_005_000 };
    const [first, second] = await Promise.all([handIn(next, retry, "order-1"), handIn(next, retry, "order-1")]);
    assert.equal(first, second);
    assert.deepEqual(bench.requests(), [{ ...claimed, run_id: first }]);
  });

  test("is known to a gateway that starts later, which finds the run, its result, and what of it came first", async () => {
    const bench = openBench();
    const runId = await handIn(await bench.desk(), deskRun, "order-1");
    const early = await bench.desk();
    assert.equal(await handIn(early, deskRun, "order-1"), runId);
    assert.deepEqual(await early.find(runId, "acme"), { kind: "running" });
    const waiting = outcome(early, runId);
    await bench.end(runId, { attempts: 1 });
    const late = await bench.desk();
    assert.equal(await handIn(late, deskRun, "order-1"), runId);
    await bench.end(runId, { attempts: 2 });
    for (const standing of [await waiting, await outcome(late, runId), await late.find(runId, "acme")])
      assert.equal(standing?.kind === "ended" && standing.result.attempts, 1);
    assert.equal(bench.count("harness-requests"), 1);
  });
});

test("law: however two gateways and the log interleave, a key has one run, that of its first claim by offset", async () => {
  const asks = fc.array(
    fc.record({ desk: fc.nat(1), key: fc.nat(2), body: fc.nat(3).map((body) => Math.floor(body / 3)) }),
    { minLength: 1, maxLength: 12 },
  );
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), asks, async (scheduler, asked) => {
      const bench = openBench();
      const later = <T>(value: T): Promise<T> => scheduler.schedule(Promise.resolve(value));
      const publish: typeof bench.publish = async (emissions) => later(await bench.publish(await later(emissions)));
      const follow: typeof bench.log.follow = (request) => {
        let shown: Promise<unknown> = Promise.resolve();
        // In the order of the log, as late as the schedule says.
        const onRecord: typeof request.onRecord = (record) => {
          shown = shown.then(() => later(record)).then(request.onRecord);
        };
        return bench.log.follow({ ...request, onRecord });
      };
      const options = { producer: { publish }, reader: { ...bench.reader, follow } };
      const desks = [await bench.desk(options), await bench.desk(options)];
      const answers = asked.map(async ({ desk, key, body }) => ({
        key,
        body,
        acceptance: await desks[desk]?.accept({
          run: { ...deskRun, input: { text: `body ${body}` } },
          idempotencyKey: `key ${key}`,
        }),
      }));
      await scheduler.waitFor(Promise.all(answers));
      const first = Map.groupBy(bench.claims(), ({ key_sha256: key }) => key);
      const runs = new Set([...first.values()].map(([claim]) => claim?.run_id));
      const published = new Map(bench.requests().map((request) => [request.run_id, JSON.stringify(request)]));
      assert.deepEqual(new Set(published.keys()), runs, "what is published is the first claims' runs, all of them");
      for (const request of bench.requests()) assert.equal(JSON.stringify(request), published.get(request.run_id));
      for (const { key, body, acceptance } of await Promise.all(answers)) {
        const text = acceptance?.kind === "accepted" ? published.get(acceptance.runId) : undefined;
        if (acceptance?.kind === "accepted") assert.match(text ?? "", new RegExp(`body ${body}`));
        const others = (await Promise.all(answers)).filter((other) => other.key === key);
        const accepted = others.flatMap((other) => (other.acceptance?.kind === "accepted" ? [other.acceptance] : []));
        assert.equal(new Set(accepted.map(({ runId }) => runId)).size, 1);
        assert.equal(accepted.filter(({ joined }) => !joined).length, 1);
      }
    }),
    { numRuns: 60 },
  );
});
