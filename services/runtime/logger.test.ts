import assert from "node:assert/strict";
import { test } from "node:test";
import { recordedSpans } from "../../test/support/recorded-spans.ts";
import { PoisonRecordError, TransientError } from "./errors.ts";
import { createLogger, type Logger } from "./logger.ts";

const canary = "canary-5b1d the patient's name is";

function logged(write: (logger: Logger) => void, level: "debug" | "info" = "debug"): string {
  const lines: string[] = [];
  write(createLogger("input-scan", level, { write: (line) => void lines.push(line) }));
  return lines.join("");
}

const planted: readonly (readonly [string, object])[] = [
  ["a field of content", { prompt: canary }],
  ["content inside a record", { record: { input: { document: canary }, run_id: "r" } }],
  ["messages", { task: { messages: { plain: [{ role: "user", content: canary }] } } }],
  ["an answer deep down", { a: { b: { c: { answer: { plain: canary } } } } }],
  ["content in a list", { records: [{ output: canary }, { text: canary }] }],
  ["bytes", { raw: Buffer.from(canary) }],
  ["a key", { request: { headers: { authorization: `Bearer ${canary}` }, "X-Api-Key": canary } }],
  ["something nested too deep to judge", { a: { b: { c: { d: { e: { f: { g: { h: canary } } } } } } } }],
  ["the end of a long string", { note: `${"x".repeat(600)}${canary}` }],
  ["an error that quotes what it read", { err: attempt(() => JSON.parse(canary)) }],
  ["an error behind an error", { err: new TransientError("broker_unavailable", "no leader", new Error(canary)) }],
  ["fields of an error", { err: Object.assign(new Error("bad"), { body: canary, response: { text: canary } }) }],
];

function attempt(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

for (const [name, fields] of planted) {
  test(`${name} is not logged`, () => {
    const line = logged((logger) => logger.error(fields, "seen"));
    assert.ok(line.includes("seen") && !line.includes("canary"), line);
  });
}

test("content bound to a child logger is not logged", () => {
  const line = logged((logger) => logger.child({ prompt: canary, run: "r-1" }).info("seen"));
  assert.ok(line.includes("r-1") && !line.includes("canary"), line);
});

test("an operator still sees where, which code and what our own errors say", () => {
  const cause = new TransientError("registry_unavailable", "the registry did not answer");
  const line = logged((logger) =>
    logger.error(
      {
        topic: "harness-requests",
        partition: 3,
        offset: 17n,
        err: new PoisonRecordError("not_json", "value is not JSON", cause),
      },
      "dead letter",
    ),
  );
  const { name, level, topic, offset, err } = JSON.parse(line);
  assert.deepEqual([name, level, topic, offset], ["input-scan", "error", "harness-requests", "17"]);
  assert.equal(err.code, "not_json");
  assert.equal(err.message, "value is not JSON");
  assert.equal(err.cause.message, "the registry did not answer");
  assert.match(err.stack, /logger\.test\.ts/);
});

test("a system error keeps its message", () => {
  const refused = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), { code: "ECONNREFUSED" });
  assert.match(
    logged((logger) => logger.warn({ err: refused }, "x")),
    /127\.0\.0\.1:1/,
  );
});

test("the level is kept to", () => {
  assert.equal(
    logged((logger) => logger.debug("quiet"), "info"),
    "",
  );
});

test("a line that is written within a span names its trace, and one outside names none", async () => {
  const recorded = recordedSpans();
  const within = await recorded.within("record", () => logged((logger) => logger.warn("late")));
  const { traceId, spanId } = recorded.named("record").spanContext();
  assert.match(within, new RegExp(`"trace_id":"${traceId}","span_id":"${spanId}"`));
  assert.doesNotMatch(
    logged((logger) => logger.warn("late")),
    /trace_id/,
  );
  recorded.close();
});
