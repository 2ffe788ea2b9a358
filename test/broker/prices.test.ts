/**
 * A negotiated price set with the command while model-invoke runs: the next
 * calls are priced by it and say so, without a restart, and when it is unset
 * the list holds again. What was stamped before stays.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { z } from "zod";
import type { AttemptTask } from "../../schemas/records/attempt-task.ts";
import { callRecord, type CallFinished } from "../../schemas/records/call.ts";
import { Decimal, toUsd } from "../../services/pricing/usd.ts";
import { run } from "../cli/command.ts";
import { definitionOf, taskOf } from "../support/model-invoke-fixtures.ts";
import { openStagesAndStandIn } from "../support/stages-and-stand-in.ts";

const home = mkdtempSync(path.join(tmpdir(), "breakwater-prices-"));
const { stages, standIn } = await openStagesAndStandIn();
let harness: AttemptTask["harness"];

before(async () => {
  harness = await stages.apply(definitionOf({ output: { format: "text", maxTokens: 50 } }));
  await stages.start("model-invoke", standIn.environment);
});
after(() => rmSync(home, { recursive: true, force: true }));

let runs = 0;

/** One call of gpt-4o, as it is journaled when it ended. */
async function call(): Promise<CallFinished> {
  const task = taskOf((runs += 1), { harness, deadline_at_ms: Date.now() + 120_000, input_tokens_estimate: 50 });
  await stages.append("harness-scanned", task.run_id, task, "attempt");
  const ends = (value: Buffer | null): CallFinished[] => {
    const record = callRecord.parse(JSON.parse(String(value)));
    return record.kind === "call.finished" && record.run_id === task.run_id ? [record] : [];
  };
  const records = await stages.until("harness-calls", (all) => all.some(({ value }) => ends(value).length > 0));
  return records.flatMap(({ value }) => ends(value))[0] ?? assert.fail();
}

async function prices(...words: readonly string[]) {
  return await run(home, ["prices", ...words], { KAFKA_BROKERS: stages.broker.brokers });
}

/** Calls until one is priced so: the price travels to the process meanwhile. */
async function callPriced(version: RegExp): Promise<CallFinished> {
  for (;;) {
    const ended = await call();
    if (version.test(ended.price_version)) return ended;
  }
}

/** Dollars per million tokens of input and output, worked out here. */
function costOf({ usage }: CallFinished, input: string, output: string): string {
  assert.ok(usage !== null);
  const cost = new Decimal(input).times(usage.input_tokens).plus(new Decimal(output).times(usage.output_tokens));
  return toUsd(cost.times("1e-6"));
}

test("a price that is set, changed and unset counts from the next call on, and each call says by which it was priced", async () => {
  const listed = await call();
  assert.match(listed.price_version, /^genai-prices@/);
  assert.equal(listed.cost_usd, costOf(listed, "2.5", "10"));

  const words = ["set", "--provider", "openai", "--model", "gpt-4o*", "--from", "2026-01-01"];
  const set = await prices(...words, "--input", "2", "--output", "7.5");
  assert.equal(set.code, 0, set.stderr);
  assert.match(set.stdout, /^openai\/gpt-4o\*@2026-01-01T00:00:00\.000Z is set, 2026-01-01 to further notice/);
  const agreed = await callPriced(/^negotiated#/);
  assert.equal(agreed.cost_usd, costOf(agreed, "2", "7.5"));
  assert.equal(
    agreed.cost_high_usd,
    toUsd(
      new Decimal(50)
        .times(2)
        .plus(50 * 7.5)
        .times("1e-6"),
    ),
    "the worst case too",
  );

  assert.equal((await prices(...words, "--input", "1", "--output", "7.5")).code, 0);
  const changed = await callPriced(new RegExp(`^negotiated#(?!${agreed.price_version.slice(-12)})`));
  assert.equal(changed.cost_usd, costOf(changed, "1", "7.5"));

  const overlapping = await prices(...words.slice(0, -1), "2026-06-01", "--input", "3", "--output", "3");
  assert.equal(overlapping.code, 2, overlapping.stdout);
  assert.match(
    overlapping.stderr,
    /overlaps .*\nRule: two prices of one provider, model pattern and account never hold/,
  );
  const { stdout } = await prices("list", "--json");
  const shown = z.object({ prices: z.array(z.object({ price_id: z.string(), standing: z.string() })) });
  assert.deepEqual(
    shown.parse(JSON.parse(stdout)).prices.map(({ price_id: id, standing }) => [id, standing]),
    [["openai/gpt-4o*@2026-01-01T00:00:00.000Z", "in force"]],
  );

  assert.equal((await prices("unset", "openai/gpt-4o*@2026-01-01T00:00:00.000Z")).code, 0);
  const again = await callPriced(/^genai-prices@/);
  assert.equal(again.cost_usd, costOf(again, "2.5", "10"));
  assert.equal((await prices("unset", "openai/gpt-4o*@2026-01-01T00:00:00.000Z")).code, 1, "there is none any more");
});
