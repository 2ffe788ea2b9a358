/**
 * `breakwater status` and `breakwater breakers` against a real broker: stages
 * that run, are behind, or are gone, and breakers that are open.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { z } from "zod";
import type { BreakerRecord } from "../../schemas/control/breaker.ts";
import { consumers } from "../../services/status/status-view.ts";
import { run } from "../cli/command.ts";
import { sampleTask } from "../contract/sample-records.ts";
import { runIdOf } from "../support/model-invoke-fixtures.ts";
import { StageProcesses } from "../support/stage-processes.ts";

const home = mkdtempSync(path.join(tmpdir(), "breakwater-status-"));
let stages: StageProcesses;
before(async () => void (stages = await StageProcesses.open()));
after(async () => {
  await stages.close();
  rmSync(home, { recursive: true, force: true });
});

const shown = z.object({
  healthy: z.boolean(),
  stages: z.array(
    z.object({ stage: z.string(), processes: z.int(), behind: z.int(), oldest_wait_ms: z.int().nullable() }),
  ),
  unknown: z.array(z.string()),
  budgets: z.array(z.json()),
  open_breakers: z.array(z.object({ provider: z.string() })),
  problems: z.array(z.string()),
});

async function status() {
  const environment = { KAFKA_BROKERS: stages.broker.brokers };
  const { code, stdout, stderr } = await run(home, ["status", "--json"], environment);
  assert.match(stdout, /^\{/, stderr);

  return { code, ...shown.parse(JSON.parse(stdout)) };
}

test("stages that do not run are problems; what waits for them is counted", async () => {
  const run_id = runIdOf(1);
  await stages.append("harness-scanned", run_id, sampleTask({ run_id }), "breakwater.attempt");
  const { code, healthy, stages: seen, problems, unknown, budgets } = await status();
  assert.deepEqual([code, healthy, problems.length], [1, false, consumers.length]);
  assert.deepEqual(
    seen.map(({ behind }) => behind),
    [0, 1, 0, 0, 0, 0],
  );
  assert.deepEqual(
    seen.map(({ oldest_wait_ms: waitMs }) => waitMs !== null && waitMs > 0),
    [false, true, false, false, false, false],
  );
  assert.deepEqual([unknown, budgets], [["ledger"], []]);
});

test("a stage that runs is counted, and a key that is rejected is a problem", async () => {
  const atMs = Date.now();
  const rejected: BreakerRecord = {
    kind: "breaker",
    provider: "groq",
    model: "*",
    key: { fingerprint: "0a1b2c3d", position: 2, trouble: "rejected", code: "invalid_api_key" },
    state: "open",
    open_until_ms: atMs + 600_000,
    worker: "model-invoke-1",
    at_ms: atMs,
  };
  await stages.append("harness-breakers", "groq/*#0a1b2c3d", rejected, "breakwater.breaker");
  const scanner = await stages.start("input-scan");
  const { stages: seen, problems, open_breakers } = await status();
  assert.deepEqual(seen[0], { stage: "input-scan", processes: 1, behind: 0, oldest_wait_ms: 0 });
  assert.equal(problems.at(-1), "The breaker of groq key 2 (0a1b2c3d) is open.");
  assert.equal(open_breakers.length, 1);
  await scanner.kill();
  const { stdout } = await run(home, ["breakers"], { KAFKA_BROKERS: stages.broker.brokers });
  assert.match(stdout, /groq key 2 \(0a1b2c3d\) +open +invalid_api_key/);
});
