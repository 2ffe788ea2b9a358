/**
 * The main job from one command: 58 documents through the four stages on real
 * Kafka, 58 results, and a bill that equals what the provider counted.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { z } from "zod";
import { usage } from "../../schemas/parts/usage.ts";
import { endAll, leftRunning, run, start, startedPids } from "../cli/command.ts";

const home = mkdtempSync(path.join(tmpdir(), "breakwater-up-"));
after(() => {
  endAll(home);
  rmSync(home, { recursive: true, force: true });
});

const summary = z.object({
  results: z.string(),
  documents: z.number(),
  published: z.number(),
  ok: z.number(),
  cost_usd: z.string(),
  costs: z.object({
    lines: z.array(z.object({ harness: z.string(), model: z.string(), client: z.string(), calls: z.number() })),
    total: z.object({ calls: z.number(), cost_usd: z.string() }),
  }),
});

const servedCall = z.object({ model: z.string(), answered: z.boolean(), call_id: z.string(), usage: usage.nullable() });

/** Dollars per million tokens, as OpenAI and Anthropic list them: not read from our price table. */
const listPrices: Readonly<
  Record<string, { readonly input: bigint; readonly cached: bigint; readonly output: bigint }>
> = {
  "gpt-4o": { input: 2_500_000n, cached: 1_250_000n, output: 10_000_000n },
  "gpt-4o-mini": { input: 150_000n, cached: 75_000n, output: 600_000n },
};

function servedCalls(): readonly z.infer<typeof servedCall>[] {
  const lines = readFileSync(path.join(home, "stand-in", "calls.jsonl"), "utf8")
    .split("\n")
    .slice(0, -1);
  return lines.map((line) => servedCall.parse(JSON.parse(line)));
}

/** In units of 1e-12 dollars, so that no rounding can hide a difference. */
function billed(calls: readonly z.infer<typeof servedCall>[]): bigint {
  return calls.reduce((total, { model, usage: used }) => {
    const price = listPrices[model];
    if (used === null) return total;
    assert.ok(price, `no list price of ${model} here`);
    const input = BigInt(used.input_tokens + used.cache_write_tokens) * price.input;
    const output = BigInt(used.output_tokens + used.reasoning_tokens) * price.output;
    return total + input + BigInt(used.cached_input_tokens) * price.cached + output;
  }, 0n);
}

/** `0.575895` as 575895000000. */
function picoDollars(decimal: string): bigint {
  const [whole = "0", fraction = ""] = decimal.split(".");
  return BigInt(whole + fraction.padEnd(12, "0"));
}

test("up --demo --exit: 58 documents in, 58 results out, and the ledger's sum is the provider's own count times the price", async () => {
  const up = start(home, ["up", "--demo", "--exit", "--json"]);
  await up.says(/documents through summarise/);
  const pids = startedPids(home);
  assert.ok(pids.length >= 8, `infra, its parts and four stages, found ${pids.length}`);
  const { code, stdout, stderr } = await up.ended;
  assert.equal(code, 0, stderr);
  const said = summary.parse(JSON.parse(stdout));
  assert.deepEqual([said.documents, said.published, said.ok], [58, 58, 58]);

  const results = readFileSync(said.results, "utf8").split("\n").slice(0, -1);
  const runIds = results.map((line) => z.object({ run_id: z.string() }).parse(JSON.parse(line)).run_id);
  assert.equal(new Set(runIds).size, 58);

  const calls = servedCalls();
  const answered = calls.filter((call) => call.answered);
  assert.equal(said.costs.total.calls, calls.length);
  assert.equal(new Set(calls.map((call) => call.call_id)).size, calls.length);
  assert.equal(picoDollars(said.costs.total.cost_usd), billed(answered));
  assert.equal(picoDollars(said.cost_usd), billed(answered));
  assert.ok(billed(answered) > 0n);

  assert.deepEqual(leftRunning(pids, home), []);
});

test("each embedded part is named with its address and with the variable for a real one; the stand-in says what it is", async () => {
  const { code, stdout, stderr } = await run(home, ["up", "--exit"]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /Kafka +127\.0\.0\.1:\d+ .*KAFKA_BROKERS/);
  assert.match(stderr, /ClickHouse +http:\/\/127\.0\.0\.1:\d+ .*CLICKHOUSE_URL/);
  assert.match(stderr, /Schema registry +http:\/\/127\.0\.0\.1:\d+ .*SCHEMA_REGISTRY_URL/);
  assert.match(stderr, /Providers +http:\/\/127\.0\.0\.1:\d+ .*stand-in.*OPENAI_API_KEY or ANTHROPIC_API_KEY/);
  assert.equal(stdout, "");
});

test("a second start finds its data again: nothing is published, nothing is paid, the same bill", async () => {
  const before = servedCalls().length;
  const { code, stdout, stderr } = await run(home, ["up", "--demo", "--exit", "--json"]);
  assert.equal(code, 0, stderr);
  const said = summary.parse(JSON.parse(stdout));
  assert.deepEqual([said.documents, said.published, said.ok], [58, 0, 58]);
  assert.equal(picoDollars(said.costs.total.cost_usd), billed(servedCalls()));
  assert.match(stderr, /Nothing was published: every document was published before/);
  assert.equal(servedCalls().length, before);
  assert.deepEqual(leftRunning(startedPids(home), home), []);
});
