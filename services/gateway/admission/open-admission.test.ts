/** What admission asks, in which order, and what becomes of places and tokens. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { sampleHarness } from "../../../test/support/sample-definition.ts";
import { okResult } from "../../../test/cli/memory-topics.ts";
import { PoisonRecordError, TransientError } from "../../runtime/errors.ts";
import type { Client, ClientLimits } from "../clients/client.ts";
import { localCounter } from "../clients/limits/shared-counter.ts";
import type { Acceptance, Handed, NewRun } from "../runs/run-desk.ts";
import type { Admitted, Refusal } from "./admission.ts";
import { openAdmission, type AdmissionParts } from "./open-admission.ts";

const nowMs = Date.UTC(2026, 10, 23);
const runId = "0199d000-0000-7000-8000-000000000001";
const accepted: Acceptance = { kind: "accepted", runId, joined: false };
const defaults = { requestsPerMinute: 100, tokensPerMinute: 500, concurrency: 2, bodyBytes: 5000, promptTokens: 400 };
const harness = sampleHarness({ deadlineMs: 30_000 });
const result = okResult(runId);
const spent = result.spent.input_tokens + result.spent.output_tokens;

type Given = Omit<Partial<AdmissionParts>, "desk"> & { readonly accept?: () => Promise<Acceptance> };

function open({ accept = () => Promise.resolve(accepted), ...more }: Given = {}) {
  const seen = { accepted: 0, cancelled: 0, counted: [""], warned: 0 };
  seen.counted.pop();
  const admission = openAdmission({
    desk: {
      accept: () => ((seen.accepted += 1), accept()),
      wait: () => Promise.resolve({ kind: "ended", result }),
      cancel: () => ((seen.cancelled += 1), Promise.resolve()),
    },
    batches: { accept: () => assert.fail("no batch is asked for") },
    harness: (name) => (name === harness.name ? harness : undefined),
    counter: localCounter(),
    defaults,
    maxWaitMs: 60_000,
    waitMs: () => null,
    metrics: {
      accepted: (joined) => void seen.counted.push(joined ? "joined" : "accepted"),
    },
    logger: { warn: () => void (seen.warned += 1) },
    nowMs: () => nowMs,
    ...more,
  });
  return { admission, seen, ask: (more: Ask = {}) => admission.admit(clientOf(more), handedOf(more)) };
}

interface Ask {
  readonly harnesses?: readonly string[];
  readonly limits?: ClientLimits;
  readonly run?: Partial<NewRun>;
  readonly idempotencyKey?: string;
}

function clientOf({ harnesses, limits = {} }: Ask): Client {
  const scopes = { harnesses: harnesses ?? null, admin: false, review: false };
  return { clientId: "acme", keyId: "0".repeat(16), scopes, limits };
}

function handedOf({ run, idempotencyKey }: Ask): Handed {
  const text = "one two three four five six seven eight nine ten";
  return { run: { client_id: "acme", harness: harness.name, input: { text }, ...run }, idempotencyKey };
}

type Answer = Awaited<ReturnType<ReturnType<typeof open>["ask"]>>;

function refusalIn({ outcome }: Answer): Refusal {
  assert.equal(outcome.kind, "refused");
  return outcome.kind === "refused" ? outcome.refusal : assert.fail();
}

function admittedIn({ outcome }: Answer): Admitted {
  return outcome.kind === "admitted" ? outcome : assert.fail(outcome.refusal.code);
}

/** What is left of a minute, as the headers say. */
function leftIn({ headers }: Answer): readonly number[] {
  return [...(headers["ratelimit"] ?? "").matchAll(/r=(\d+)/g)].map(([, left]) => Number(left));
}

const stay = { left: false };
const waiting = { waitMs: 1, signal: new AbortController().signal };

test("what nothing speaks against is accepted, waited for and released", async () => {
  const { ask, seen } = open();
  const answer = await ask();
  const run = admittedIn(answer);
  assert.deepEqual([run.runId, run.joined, seen.counted], [runId, false, ["accepted"]]);
  assert.equal(answer.headers["ratelimit-policy"], '"requests";q=100;w=60, "tokens";q=500;w=60');
  assert.equal(leftIn(answer)[0], 99);
  assert.deepEqual(await run.wait(waiting), { kind: "ended", result });
  await run.release(stay);
  assert.equal(seen.cancelled, 0);
});

/** Each is refused for its own reason although all reasons after it would hold too. */
const late: Given = { waitMs: () => 90_000 };
const long = { run: { input: { text: "word ".repeat(800) } } };
const none: ClientLimits = { bodyBytes: 5000, promptTokens: 400, concurrency: 1, requestsPerMinute: 1 };
const order: readonly [what: string, given: Given, ask: Ask, status: number, code: string][] = [
  [
    "a harness outside the scope",
    late,
    { harnesses: ["other"], run: { harness: "nosuch" } },
    403,
    "harness_not_permitted",
  ],
  ["an unknown harness", late, { ...long, run: { ...long.run, harness: "nosuch" } }, 404, "harness_unknown"],
  ["too many bytes", late, { ...long, limits: { ...none, bodyBytes: 100 } }, 413, "request_too_large"],
  ["too many tokens", late, { ...long, limits: none }, 413, "prompt_too_long"],
  ["a pipeline that is behind", late, { limits: none }, 503, "overloaded"],
];
for (const [what, given, asked, status, code] of order) {
  test(`${what}: ${status} ${code}, and nothing is taken or accepted`, async () => {
    const { ask, seen } = open(given);
    const refusal = refusalIn(await ask(asked));
    assert.deepEqual([refusal.status, refusal.code, seen.accepted], [status, code, 0]);
    assert.deepEqual(seen.counted, []);
    assert.doesNotMatch(refusal.message, /word|nosuch/);
  });
}

test("the limits, in their order: places, requests, tokens; each with a time to come back", async () => {
  const { ask, seen } = open();
  const limits: ClientLimits = { concurrency: 1, requestsPerMinute: 2, tokensPerMinute: 15 };
  const first = admittedIn(await ask({ limits }));
  const noPlace = refusalIn(await ask({ limits }));
  await first.release(stay);
  const noTokens = refusalIn(await ask({ limits }));
  const second = admittedIn(await ask({ limits, run: { input: {} } }));
  await second.release(stay);
  const noRequests = refusalIn(await ask({ limits }));
  assert.deepEqual(
    [noPlace, noTokens, noRequests].map(({ status, code }) => `${status} ${code}`),
    ["429 concurrency_exceeded", "429 tokens_exceeded", "429 rate_limited"],
  );
  for (const { retryAfterMs = 0 } of [noPlace, noTokens, noRequests])
    assert.ok(retryAfterMs > 0 && retryAfterMs <= 60_000);
  assert.equal(seen.accepted, 2);
});

test("the estimate of tokens is corrected by what the result says was spent", async () => {
  const { ask } = open();
  const first = await ask();
  const estimate = 500 - (leftIn(first)[1] ?? 0);
  assert.ok(estimate >= 10 && estimate < 30, String(estimate));
  const run = admittedIn(first);
  await run.wait(waiting);
  await run.release(stay);
  assert.equal(leftIn(await ask())[1], 500 - spent - estimate);
});

test("without a result the estimate stands: nobody knows what is spent yet", async () => {
  const { ask } = open();
  const first = await ask();
  await admittedIn(first).release(stay);
  assert.equal(leftIn(await ask())[1], 500 - 2 * (500 - (leftIn(first)[1] ?? 0)));
});

test("a run that is joined takes no tokens again, at its beginning and at its end", async () => {
  const { ask, seen } = open({ accept: () => Promise.resolve({ ...accepted, joined: true }) });
  const run = admittedIn(await ask({ idempotencyKey: "k" }));
  const next = admittedIn(await ask({ run: { input: {} } }));
  await Promise.all([run.wait(waiting), next.wait(waiting)]);
  await run.release(stay);
  await next.release(stay);
  assert.equal(leftIn(await ask({ run: { input: {} } }))[1], 500);
  assert.deepEqual(seen.counted, ["joined", "joined", "joined"]);
});

const failures: readonly [what: string, accept: () => Promise<Acceptance>, status: number, code: string][] = [
  ["a key used for another run", () => Promise.resolve({ kind: "key_conflict" }), 409, "idempotency_key_conflict"],
  [
    "a broker that does not answer",
    () => Promise.reject(new TransientError("broker_unavailable", "away")),
    503,
    "broker_unavailable",
  ],
  [
    "a record that is too large",
    () => Promise.reject(new PoisonRecordError("too_large", "big")),
    413,
    "request_too_large",
  ],
];
for (const [what, accept, status, code] of failures) {
  test(`${what}: ${status} ${code}; place and tokens are free again`, async () => {
    const { ask } = open({ accept });
    const limits = { concurrency: 1, tokensPerMinute: 15 };
    for (let count = 0; count < 3; count++) {
      const refusal = refusalIn(await ask({ idempotencyKey: "k", limits }));
      assert.deepEqual([refusal.status, refusal.code], [status, code]);
    }
  });
}

test("a bug of the desk is no refusal, and leaves the place free", async () => {
  const { ask } = open({ accept: () => Promise.reject(new RangeError("bug")) });
  for (let count = 0; count < 3; count++) await assert.rejects(ask({ limits: { concurrency: 1 } }), RangeError);
});

test("what was not acknowledged is not to be sent again by a program, unless a key makes that safe", async () => {
  const { ask } = open({ accept: failures[1]?.[1] ?? assert.fail() });
  assert.equal((await ask()).headers["x-should-retry"], "false");
  assert.equal((await ask({ idempotencyKey: "k" })).headers["x-should-retry"], undefined);
});

const leaving: readonly [what: string, ask: Ask, joined: boolean, waits: boolean, cancelled: number][] = [
  ["alone", {}, false, false, 1],
  ["after the result", {}, false, true, 0],
  ["with a key to come back with", { idempotencyKey: "k" }, false, false, 0],
  ["from a run that was another's", { idempotencyKey: "k" }, true, false, 0],
];
for (const [what, asked, joined, waits, cancelled] of leaving) {
  test(`a caller who leaves ${what} cancels ${cancelled === 1 ? "the run, once" : "nothing"}`, async () => {
    const { ask, seen } = open({ accept: () => Promise.resolve({ ...accepted, joined }) });
    const run = admittedIn(await ask(asked));
    if (waits) await run.wait(waiting);
    await Promise.all([run.release({ left: true }), run.release({ left: true })]);
    assert.equal(seen.cancelled, cancelled);
  });
}

const waits: readonly [what: string, waitMs: number | null, run: Partial<NewRun>, shed: boolean][] = [
  ["an unknown wait", null, {}, false],
  ["a wait of the harness's whole time", 30_000, {}, false],
  ["a longer wait", 30_001, {}, true],
  ["a wait within the request's own deadline", 90_000, { deadline_at_ms: nowMs + 95_000 }, true],
  ["a wait beyond the request's own deadline", 6_000, { deadline_at_ms: nowMs + 5_000 }, true],
  ["a wait below the longest, with a deadline a day away", 59_000, { deadline_at_ms: nowMs + 86_400_000 }, false],
];
for (const [what, waitMs, run, shed] of waits) {
  test(`${what} ${shed ? "turns away" : "lets in"}`, async () => {
    const { outcome } = await open({ waitMs: () => waitMs }).ask({ run });
    assert.equal(outcome.kind === "refused" ? outcome.refusal.code : null, shed ? "overloaded" : null);
  });
}

test("law: however requests come, fail and leave, places are never above the limit and all free at the end", () => {
  const fate = fc.constantFrom("accepted", "joined", "conflict", "away");
  const step = fc.oneof(fate, fc.nat(10));
  return fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      let next = "accepted";
      const accept = async (): Promise<Acceptance> => {
        if (next === "away") throw new TransientError("broker_unavailable", "away");
        return next === "conflict" ? { kind: "key_conflict" } : { ...accepted, joined: next === "joined" };
      };
      const { ask } = open({ accept, defaults: { ...defaults, tokensPerMinute: 1_000_000, requestsPerMinute: 1000 } });
      const held = new Set<Admitted>();
      for (const at of steps) {
        if (typeof at === "number") {
          const [leaver] = [...held].slice(at);
          await Promise.all([leaver?.release(stay), leaver?.release({ left: true })]);
          if (leaver !== undefined) held.delete(leaver);
          continue;
        }
        next = at;
        const { outcome } = await ask();
        const full = held.size === 2;
        assert.equal(outcome.kind === "refused" && outcome.refusal.code === "concurrency_exceeded", full);
        if (outcome.kind === "admitted") held.add(outcome);
      }
      for (const run of held) await run.release(stay);
      next = "accepted";
      const both = [await ask(), await ask()].map(({ outcome }) => outcome.kind);
      assert.deepEqual(both, ["admitted", "admitted"]);
    }),
  );
});
