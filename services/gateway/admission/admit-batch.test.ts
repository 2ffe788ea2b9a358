/** What a batch takes of its client's limits, and what refuses it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { batchOf, clientOf } from "../../../test/support/gateway-parts.ts";
import { sampleHarness } from "../../../test/support/sample-definition.ts";
import { PoisonRecordError, TransientError } from "../../runtime/errors.ts";
import type { BatchAcceptance, HandedBatch } from "../batches/desk/batch-desk.ts";
import { readUpload } from "../batches/upload/read-upload.ts";
import type { ClientLimits } from "../clients/client.ts";
import { Places } from "../clients/limits/places.ts";
import { localCounter } from "../clients/limits/shared-counter.ts";
import { admitBatch } from "./admit-batch.ts";

const defaults = { requestsPerMinute: 2, tokensPerMinute: 500, concurrency: 1, bodyBytes: 5000, promptTokens: 400 };
const harness = sampleHarness({});
const batch = batchOf();
const words = (count: number): string => JSON.stringify({ input: { text: "word ".repeat(count) } });

interface Ask {
  readonly lines?: readonly string[];
  readonly harnesses?: readonly string[];
  readonly limits?: ClientLimits;
  readonly more?: Partial<HandedBatch>;
}

function open(
  accept: () => Promise<BatchAcceptance> = () => Promise.resolve({ kind: "accepted", batch, joined: false }),
) {
  const places = new Places();
  const counted: [boolean, number | undefined][] = [];
  const parts = {
    batches: { accept },
    harness: (name: string) => (name === harness.name ? harness : undefined),
    counter: localCounter(),
    defaults,
    metrics: { accepted: (joined: boolean, runs?: number) => void counted.push([joined, runs]) },
  };
  const ask = async ({ lines = [words(10)], harnesses, limits, more }: Ask = {}) => {
    const upload = await readUpload(Buffer.from(lines.join("\n")), "openai");
    if ("status" in upload) return assert.fail(upload.message);
    const given = { clientId: "acme", harness: { name: harness.name, version: "0".repeat(16) }, deadlineMs: 1, upload };
    const client = clientOf("acme", { harnesses: harnesses ?? null }, limits);
    return await admitBatch(parts, places, { client, handed: { ...given, ...more } });
  };
  return { ask, places, counted };
}

type Answer = Awaited<ReturnType<ReturnType<typeof open>["ask"]>>;
const codeOf = ({ outcome }: Answer) => (outcome.kind === "refused" ? outcome.refusal.code : outcome.kind);
const tokensLeft = ({ headers }: Answer) => Number(/"tokens";r=(\d+)/.exec(headers["ratelimit"] ?? "")?.[1]);

test("a batch takes one request and the tokens of all its lines, and its place is free when it is in", async () => {
  const { ask, places, counted } = open();
  const [one, three] = [await open().ask(), await ask({ lines: [words(10), words(11), words(12)] })];
  assert.equal(codeOf(three), "admitted");
  assert.ok(500 - tokensLeft(three) > 2.9 * (500 - tokensLeft(one)));
  assert.match(three.headers["ratelimit"] ?? "", /"requests";r=1/);
  assert.equal(places.takenBy("acme"), 0);
  assert.deepEqual(counted, [[false, batch.taken.documents]]);
});

for (const { name, ask, status, code, says = /./ } of [
  {
    name: "a harness that the key does not open",
    ask: { harnesses: ["other"] },
    status: 403,
    code: "harness_not_permitted",
  },
  {
    name: "a harness that there is not",
    ask: { more: { harness: { name: "missing", version: "0".repeat(16) } } },
    status: 404,
    code: "harness_unknown",
  },
  {
    name: "a line above the client's bytes",
    ask: { lines: [words(1), words(30)], limits: { bodyBytes: 100 } },
    status: 413,
    code: "request_too_large",
    says: /^line 2: /,
  },
  {
    name: "a line above the client's tokens of a prompt",
    ask: { lines: [words(1), words(2), words(300)], limits: { promptTokens: 50 } },
    status: 413,
    code: "prompt_too_long",
    says: /^line 3: /,
  },
  {
    name: "more tokens than a minute ever has",
    ask: { lines: [1, 2, 3, 4, 5].map((more) => words(200 + more)) },
    status: 413,
    code: "batch_too_long",
  },
] satisfies readonly { name: string; ask: Ask; status: number; code: string; says?: RegExp }[]) {
  test(`${name}: ${status} ${code}, and nothing is published or taken`, async () => {
    const { ask: asks } = open(() => assert.fail("it was handed in"));
    const answer = await asks(ask);
    const refusal = answer.outcome.kind === "refused" ? answer.outcome.refusal : assert.fail();
    assert.deepEqual([refusal.status, refusal.code], [status, code]);
    assert.match(refusal.message, says);
    assert.equal(answer.headers["ratelimit"], undefined);
  });
}

test("tokens that the minute has no more are 429, and its place is taken by one batch at a time", async () => {
  const { ask, places } = open();
  await ask({ lines: [words(300)] });
  assert.equal(codeOf(await ask({ lines: [words(300)] })), "tokens_exceeded");
  const free = places.take("acme", 1);
  assert.equal(codeOf(await ask()), "concurrency_exceeded");
  free?.();
  assert.equal(codeOf(await ask()), "admitted");
  assert.equal(codeOf(await ask()), "rate_limited");
});

for (const { name, acceptance } of [
  { name: "a batch that is joined", acceptance: { kind: "accepted", batch, joined: true } },
  { name: "a key that stands for another", acceptance: { kind: "key_conflict" } },
] satisfies readonly { name: string; acceptance: BatchAcceptance }[]) {
  test(`${name} takes no tokens again`, async () => {
    const { ask } = open(() => Promise.resolve(acceptance));
    const first = await ask({ lines: [words(300)] });
    assert.equal(codeOf(first), acceptance.kind === "accepted" ? "admitted" : "idempotency_key_conflict");
    assert.notEqual(codeOf(await ask({ lines: [words(300)] })), "tokens_exceeded");
  });
}

test("a broker that is away is 503, worth another try only with a key, and gives all back", async () => {
  const { ask, places } = open(() => Promise.reject(new TransientError("broker_unavailable", "away")));
  const [bare, keyed] = [await ask(), await ask({ more: { idempotencyKey: "k" } })];
  assert.deepEqual([codeOf(bare), codeOf(keyed)], ["broker_unavailable", "broker_unavailable"]);
  assert.deepEqual([bare.headers["x-should-retry"], keyed.headers["x-should-retry"]], ["false", undefined]);
  assert.equal(codeOf(await ask()), "broker_unavailable");
  assert.equal(places.takenBy("acme"), 0);
});

test("what nobody foresaw is thrown on, and its place is free", async () => {
  const { ask, places } = open(() => Promise.reject(new PoisonRecordError("too_large", "canary")));
  await assert.rejects(ask(), /canary/);
  assert.equal(places.takenBy("acme"), 0);
});
