/**
 * The questions against the real engine, on a small ledger that was added up by
 * hand: the expected numbers are written out, never computed by the code they
 * judge. Rows arrive twice and their starts late; nothing changes by it.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { AuditDecision } from "../../schemas/audit/decision.ts";
import type { CallFinished } from "../../schemas/records/call.ts";
import type { RunResult } from "../../schemas/records/run-result.ts";
import { runCommandLine } from "../../services/cli/program/command-line.ts";
import { ledgerRow } from "../../services/cost-aggregate/rows.ts";
import type { Dimension } from "../../services/ledger/asking/dimension.ts";
import type { Asking, CallFilter } from "../../services/ledger/asking/filter.ts";
import { connectStore, type Store } from "../../services/ledger/clickhouse.ts";
import { readCosts } from "../../services/ledger/cost-reports/read-costs.ts";
import { costs } from "../../services/ledger/costs.ts";
import { migrate } from "../../services/ledger/migrate.ts";
import { cache } from "../../services/ledger/questions/cache.ts";
import { guards } from "../../services/ledger/questions/guards.ts";
import { latency } from "../../services/ledger/questions/latency.ts";
import { movers } from "../../services/ledger/questions/movers.ts";
import { outcomes } from "../../services/ledger/questions/outcomes.ts";
import { perSuccess } from "../../services/ledger/questions/per-success.ts";
import { reliability } from "../../services/ledger/questions/reliability.ts";
import { savings } from "../../services/ledger/questions/savings.ts";
import { spend } from "../../services/ledger/questions/spend.ts";
import { startTestClickHouse, type TestClickHouse } from "../support/clickhouse.ts";
import { decisionOf, finishedCall, noon, resultOf, startedCall, uuid } from "../support/ledger-records.ts";

let house: TestClickHouse;
let store: Store;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** The day that is asked about, and the one before it. */
const period = { sinceMs: noon - 12 * hourMs, untilMs: noon + 12 * hourMs };

const ask = (by: readonly Dimension[], filter: CallFilter = {}): Asking => ({ by, period, filter });

type Calls = readonly Partial<CallFinished>[];
const usage = (input: number, cached: number, output: number) => ({
  input_tokens: input,
  cached_input_tokens: cached,
  cache_write_tokens: 0,
  output_tokens: output,
  reasoning_tokens: 0,
});

/** Each finished call of the day, with what it cost. Two of them are by `support`, in another feature. */
const calls: Calls = [
  { cost_usd: "0.01", finished_at_ms: noon + 100, first_token_ms: 20, usage: usage(100, 0, 10) },
  { cost_usd: "0.02", finished_at_ms: noon + 200, first_token_ms: 30, usage: usage(50, 150, 20) },
  { cost_usd: "0.04", call_no: 2, finished_at_ms: noon + 300, usage: usage(100, 0, 10) },
  { cost_usd: "0.08", attempt: 2, finished_at_ms: noon + 400, usage: usage(100, 0, 10) },
  {
    cost_usd: "0.16",
    tier: 1,
    provider: "anthropic",
    model: "claude-3-5-sonnet-latest",
    finished_at_ms: noon + 2000,
    usage: usage(100, 0, 10),
  },
  { cost_usd: "0.32", hedge_of: uuid(1), finished_at_ms: noon + 150, usage: usage(100, 0, 10) },
  { cost_usd: "0.64", feature: "chat", finished_at_ms: noon + 120, usage: usage(100, 0, 10) },
  {
    cost_usd: null,
    feature: "chat",
    usage: null,
    usage_source: "unknown",
    outcome: "rate_limited",
    error: { code: "x" },
  },
];

const before_: Calls = [
  { cost_usd: "0.5", feature: "digest" },
  { cost_usd: "0.25", feature: "search" },
];

function recordsOf(): readonly { readonly topic: string; readonly record: object }[] {
  const finished = calls.map((fields, index) => finishedCall(index + 1, { started_at_ms: noon, ...fields }));
  const earlier = before_.map((fields, index) => {
    const at = noon - dayMs;
    return finishedCall(index + 50, { started_at_ms: at, finished_at_ms: at + 500, ...fields });
  });
  const orphan = startedCall(90, {
    started_at_ms: noon,
    deadline_at_ms: noon + 1000,
    cost_low_usd: "0.001",
    cost_high_usd: "0.005",
  });
  const results: Partial<RunResult>[] = [
    { status: "ok" },
    { status: "released" },
    { status: "failed_validation" },
    { status: "refused", attempts: 0, spent: { ...resultOf(1).spent, calls: 0, cost_usd: null } },
    { status: "ok", feature: "chat" },
  ];
  const passed: AuditDecision["guards"] = [{ guard: "pii", verdict: "passed", findings: [] }];
  const decisions: Partial<AuditDecision>[] = [
    {},
    { event_id: "b", guards: passed, reasons: [] },
    { event_id: "c", guards: [{ guard: "pii", verdict: "not_run", findings: [] }], reasons: [] },
    {
      event_id: "d",
      stage: "input-scan",
      decision: "refused",
      guards: [{ guard: "injection", verdict: "blocked", findings: [] }],
      reasons: [{ code: "injection", message: "an attack" }],
      spared: { provider: "openai", model: "gpt-4o", input_tokens: 400, usd: "0.001" },
    },
    { event_id: "e", decision: "retried", cut_strategy: "head", guards: passed, reasons: [] },
    { event_id: "f", cut_strategy: "head", guards: passed, reasons: [] },
  ];
  const cutCall = finishedCall(70, {
    started_at_ms: noon - 2 * dayMs,
    finished_at_ms: noon - 2 * dayMs + 100,
    cost_usd: "0.1",
    cut: { strategy: "head", tokens: 1000, saved_usd: "0.0025" },
  });
  return [
    ...[...finished, ...earlier, orphan, cutCall].map((record) => ({ topic: "harness-calls", record })),
    ...results.map((fields, index) => ({
      topic: "harness-results",
      record: resultOf(index + 1, { received_at_ms: noon, finished_at_ms: noon + 1500, ...fields }),
    })),
    ...decisions.map((fields, index) => ({
      topic: "harness-audit",
      record: decisionOf(index + 1, { decided_at_ms: noon, ...fields }),
    })),
  ];
}

before(async () => {
  house = await startTestClickHouse();
  store = connectStore({ url: house.url, user: "default", password: "", database: "questions" });
  await migrate(store);
  const rows = recordsOf().map(({ topic, record }, offset) => {
    const reading = ledgerRow({ topic, partition: 0, offset: BigInt(offset) }, JSON.stringify(record));
    assert.equal(reading.kind, "row", JSON.stringify(reading));
    return reading.entry;
  });
  for (const [table, entries] of Map.groupBy([...rows, ...rows], (entry) => entry.table))
    await store.insert(
      table,
      entries.map(({ row }) => row),
    );
  const starts = calls.map((fields, index) =>
    ledgerRow(
      { topic: "harness-calls", partition: 0, offset: 900n },
      JSON.stringify(startedCall(index + 1, { started_at_ms: noon, feature: fields.feature ?? "digest" })),
    ),
  );
  await store.insert(
    "calls",
    starts.flatMap((reading) => (reading.kind === "row" ? [reading.entry.row] : [])),
  );
});

after(async () => {
  await store.close();
  await house.stop();
});

test("spend: the known costs, how many calls they cover, and what the others may add", async () => {
  const [line] = await spend(store, ask([]));
  assert.partialDeepStrictEqual(line, {
    calls: 9,
    failed_calls: 1,
    in_flight: 0,
    orphans: 1,
    calls_with_cost: 7,
    input_tokens: 800,
    output_tokens: 80,
    cost_usd: "1.27",
    bound_low_usd: "1.271",
    bound_high_usd: "1.275",
    unbounded_calls: 0,
  });
});

test("spend by feature: which feature drove the bill", async () => {
  const rows = await spend(store, ask(["feature"]));
  assert.deepEqual(
    rows.map(({ feature, cost_usd, calls: made }) => [feature, cost_usd, made]),
    [
      ["chat", "0.64", 2],
      ["digest", "0.63", 7],
    ],
  );
});

test("movers: the day against the day before, largest change first, what ended included", async () => {
  const rows = await movers(store, ask(["feature"]));
  assert.deepEqual(
    rows.map(({ feature, cost_usd, before_usd, change_usd, change_share }) => [
      feature,
      cost_usd,
      before_usd,
      change_usd,
      change_share,
    ]),
    [
      ["chat", "0.64", "0", "0.64", null],
      ["search", "0", "0.25", "-0.25", -1],
      ["digest", "0.63", "0.5", "0.13", 0.26],
    ],
  );
});

test("reliability: each call under one kind, and the kinds add up", async () => {
  const rows = await reliability(store, ask([]));
  assert.deepEqual(
    rows.map(({ kind, calls: made, cost_usd, bound_low_usd, bound_high_usd }) => [
      kind,
      made,
      cost_usd,
      bound_low_usd,
      bound_high_usd,
    ]),
    [
      ["first", 4, "0.67", "0.67", "0.67"],
      ["retry", 1, "0.04", "0.04", "0.04"],
      ["repair", 1, "0.08", "0.08", "0.08"],
      ["fallback", 1, "0.16", "0.16", "0.16"],
      ["hedge", 1, "0.32", "0.32", "0.32"],
      ["orphan", 1, null, "0.001", "0.005"],
    ],
  );
});

test("per success: everything paid, over the runs that were of use", async () => {
  const rows = await perSuccess(store, ask(["feature"]));
  assert.deepEqual(
    rows.map(({ feature, runs, successes, cost_usd, cost_per_success_usd }) => [
      feature,
      runs,
      successes,
      cost_usd,
      cost_per_success_usd,
    ]),
    [
      ["chat", 1, 1, "0.64", "0.64"],
      ["digest", 4, 2, "0.63", "0.315"],
    ],
  );
});

test("outcomes: how runs ended, with their share", async () => {
  const rows = await outcomes(store, ask([]));
  assert.deepEqual(
    rows.map(({ status, runs, share }) => [status, runs, share]),
    [
      ["ok", 2, 0.4],
      ["failed_validation", 1, 0.2],
      ["refused", 1, 0.2],
      ["released", 1, 0.2],
    ],
  );
});

test("savings: cuts with the validation of what was answered to them, refusals, the cache", async () => {
  const wider = { ...ask([]), period: { sinceMs: noon - 3 * dayMs, untilMs: period.untilMs } };
  const rows = await savings(store, wider);
  const row = (strategy: string) => rows.find((line) => line.strategy === strategy);
  assert.partialDeepStrictEqual(row("head"), {
    saving: "truncation",
    calls: 1,
    tokens: 1000,
    saved_usd: "0.0025",
    judged_answers: 2,
    failed_answers: 1,
    failed_share: 0.5,
  });
  assert.partialDeepStrictEqual(row("whole"), {
    tokens: 0,
    saved_usd: "0",
    judged_answers: 3,
    failed_answers: 0,
    failed_share: 0,
  });
  assert.partialDeepStrictEqual(row("refused"), { saving: "refusal", runs: 1, tokens: 400, saved_usd: "0.001" });
  assert.partialDeepStrictEqual(row("prompt"), { saving: "cache", tokens: 150 + 10 + 10 + 10 });
});

test("cache: how much of the input came from it", async () => {
  const rows = await cache(store, ask(["provider"]));
  assert.deepEqual(
    rows.map(({ provider, calls: made, calls_with_usage, cached_input_tokens, hit_share }) => [
      provider,
      made,
      calls_with_usage,
      cached_input_tokens,
      hit_share,
    ]),
    [
      ["openai", 8, 6, 150, 0.214286],
      ["anthropic", 1, 1, 0, 0],
    ],
  );
});

test("latency: percentiles of finished calls, to the bucket", async () => {
  const [all] = await latency(store, ask([]));
  // 100, 120, 150, 200, 300, 400, 858 (as made) and 2000 ms, in buckets that end a sixteenth above their start.
  assert.partialDeepStrictEqual(all, { calls: 8, p50_ms: 207, p90_ms: 2047, p99_ms: 2047 });
  const [, anthropic] = await latency(store, ask(["provider"]));
  assert.partialDeepStrictEqual(anthropic, { provider: "anthropic", calls: 1, p50_ms: 2047 });
});

test("guards: a guard that could not run passed nothing", async () => {
  const rows = await guards(store, ask(["guard"]));
  const of = (name: string) => rows.find(({ guard }) => guard === name);
  assert.partialDeepStrictEqual(of("pii"), { ran: 4, hits: 1, hit_share: 0.25, not_run: 1, findings: 1 });
  assert.partialDeepStrictEqual(of("injection"), { ran: 1, hits: 1, hit_share: 1, blocked: 1 });
  const [rule] = await guards(store, ask(["guard", "rule"]));
  assert.partialDeepStrictEqual(rule, { guard: "pii", rule: "pii.email", findings: 1 });
});

test("any filter narrows every question", async () => {
  assert.deepEqual((await spend(store, ask([], { feature: "chat" })))[0]?.cost_usd, "0.64");
  assert.deepEqual(
    (await spend(store, ask([], { provider: "anthropic", model: "claude-3-5-sonnet-latest" })))[0]?.calls,
    1,
  );
  assert.deepEqual(await spend(store, ask([], { client: "nobody" })), []);
  assert.deepEqual(await outcomes(store, ask([], { harness: "nothing" })), []);
  assert.deepEqual(await movers(store, ask(["feature"], { version: "ffffffffffffffff" })), []);
});

test("the total is the same whatever it is split by, and the same as the ledger's own", async () => {
  const splits: readonly (readonly Dimension[])[] = [
    ["client"],
    ["feature", "day"],
    ["hour", "model"],
    ["month", "purpose"],
    ["outcome", "provider", "harness", "version"],
  ];
  const [whole] = await costs(store, [], { fromMs: period.sinceMs, toMs: period.untilMs });
  for (const by of splits) {
    const rows = await spend(store, ask(by));
    const micro = rows.reduce((sum, { cost_usd }) => sum + Math.round(Number(cost_usd ?? 0) * 1e6), 0);
    assert.equal(micro, 1_270_000, by.join());
    assert.equal(
      rows.reduce((sum, row) => sum + row.calls, 0),
      whole?.calls,
    );
  }
});

test("costs come from the roll-ups where these can tell, and say the same as the ledger", async () => {
  const filter = { fromMs: period.sinceMs, toMs: period.untilMs };
  for (const by of [["feature", "day"], ["model", "hour"], ["purpose"], ["outcome", "month"]] as const) {
    const rolled = await readCosts(store, by, filter);
    const told = await costs(store, by, filter);
    assert.deepEqual(
      rolled,
      told.map((line) => ({ ...line, runs: null })),
      by.join(),
    );
  }
  const [ragged] = await readCosts(store, [], { ...filter, toMs: noon + 1 });
  assert.equal(ragged?.runs, 9);
});

async function say(...words: readonly string[]): Promise<string> {
  let out = "";
  const stdout = { write: (text: string | Uint8Array) => ((out += String(text)), true) };
  const env = { CLICKHOUSE_URL: house.url, CLICKHOUSE_DATABASE: "questions" };
  assert.equal(await runCommandLine(words, env, { stdout, stderr: { write: () => true } }), 0);
  return out;
}

const theDay = ["--since", "2026-11-22", "--until", "2026-11-23"] as const;

test("the command line answers as a table, a chart, CSV and JSON", async () => {
  const table = await say("costs", "movers", ...theDay);
  assert.match(table, /^feature +cost USD +before +change/);
  assert.match(table, /\nsearch +0 +0\.25 +-0\.25 +-100 %/);
  assert.match(await say("costs", "--by", "feature", "--chart", ...theDay), /^chat +0\.64 {2}█+\ndigest +0\.63 {2}█+/);
  assert.match(await say("costs", "reliability", "--csv", ...theDay), /^kind,calls,.*\r\nfirst,4,1,0\.67,/);
  const { by, rows, total } = JSON.parse(await say("costs", "per-success", "--by", "feature", ...theDay, "--json"));
  assert.deepEqual([by, rows.length, total.cost_usd], [["feature"], 2, "1.27"]);
  assert.match(await say("costs", "latency", "--provider", "anthropic", ...theDay), /claude-3-5-sonnet-latest/);
});
