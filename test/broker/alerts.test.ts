/**
 * Alerts with two real processes on a real broker and a receiver that fails at
 * first: a threshold that is crossed is one alert and one delivery, whoever is
 * killed, and a restart tells of nothing twice.
 */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { alertRecord, type AlertRecord } from "../../schemas/control/alert.ts";
import { deadLetterTopicOf } from "../../topics/catalog.ts";
import { run } from "../cli/command.ts";
import { sampleBudget } from "../support/lease-log.ts";
import { StageProcesses, type StageProcess } from "../support/stage-processes.ts";

const home = mkdtempSync(path.join(tmpdir(), "breakwater-alerts-"));
const secret = Buffer.alloc(32, 5);

interface Received {
  readonly id: string;
  readonly body: string;
  readonly answered: number;
}

const received: Received[] = [];
/** What the receiver answers next; then 204. */
const answers: number[] = [];
const receiver = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8").on("data", (part: string) => (body += part));
  request.on("end", () => {
    const { "webhook-id": id, "webhook-timestamp": at, "webhook-signature": signature } = request.headers;
    const expected = createHmac("sha256", secret)
      .update(`${String(id)}.${String(at)}.${body}`)
      .digest("base64");
    const answered = signature === `v1,${expected}` ? (answers.shift() ?? 204) : 401;
    received.push({ id: String(id), body, answered });
    response.writeHead(answered).end();
  });
});

let stages: StageProcesses;
let url: string;
before(async () => {
  stages = await StageProcesses.open();
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const address = receiver.address();
  url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/hook`;
});
after(async () => {
  rmSync(home, { recursive: true, force: true });
  receiver.close();
  receiver.closeAllConnections();
  await stages.close();
});

/** The ledger is away all along: budgets do not need it. */
function start(more: Readonly<Record<string, string>> = {}): Promise<StageProcess> {
  return stages.start("alerts", {
    CLICKHOUSE_URL: "http://127.0.0.1:9",
    BREAKWATER_ALERT_WEBHOOK_URL: url,
    BREAKWATER_ALERT_WEBHOOK_SECRET: `whsec_${secret.toString("base64")}`,
    BREAKWATER_ALERT_WEBHOOK_PAUSE_MS: "50",
    ...more,
  });
}

let asks = 0;
const nowMs = Date.now();
const budget = sampleBudget({ opened_at_ms: nowMs, set_at_ms: nowMs, window: "month", budget_id: "client=acme/month" });

/** As a model-invoke writes it that asks for an amount and spends it. */
async function spend(usd: string): Promise<void> {
  asks += 1;
  const lease = { lease_id: `test/${asks}`, worker: "test" };
  const amount = { usd, tokens: 0 };
  const ask = { ...lease, kind: "lease.asked", ask_no: asks, budget, wish: amount, least: amount };
  const nothing = { usd: "0", tokens: 0 };
  const { budget_id } = budget;
  const settled = { ...lease, kind: "lease.settled", budget_id, spent: amount, held: nothing, closed: true };
  await stages.append("harness-leases", budget_id, ask, "asked");
  await stages.append("harness-leases", budget_id, settled, "settled");
}

async function alertsAtLeast(count: number): Promise<readonly AlertRecord[]> {
  const records = await stages.until("harness-alerts", (all) => all.length >= count);
  return records.map(({ value }) => alertRecord.parse(JSON.parse(String(value))));
}

const percents = (alerts: readonly AlertRecord[]): readonly number[] =>
  alerts.flatMap((alert) => (alert.kind === "budget.threshold" ? [alert.threshold_percent] : []));

const taken = (): readonly string[] => received.filter(({ answered }) => answered === 204).map(({ id }) => id);

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(50);
}

test("two processes, one alert a threshold; a receiver that fails twice gets it once more; kill -9 repeats nothing", async () => {
  let processes = [await start(), await start()];
  await stages.append("harness-budgets", budget.budget_id, budget, "budget");
  answers.push(500, 503);
  await spend("5.5");
  const [half] = await alertsAtLeast(1);
  assert.deepEqual(half && percents([half]), [50]);
  await until(() => taken().length === 1);
  assert.deepEqual(
    received.map(({ id, answered }) => [id, answered]),
    [500, 503, 204].map((answered) => [half?.alert_id, answered]),
  );

  // The owner dies, whoever it is, and what is crossed meanwhile is told of by the other.
  await processes[0]?.kill();
  await spend("3");
  assert.deepEqual(percents(await alertsAtLeast(2)), [50, 80]);
  await until(() => new Set(taken()).size === 2);
  await processes[1]?.kill();
  processes = [await start(), await start()];
  await spend("1.5");
  const all = await alertsAtLeast(3);
  assert.deepEqual(percents(all), [50, 80, 100]);
  await until(() => new Set(taken()).size === 3);
  assert.deepEqual(
    [...new Set(taken())],
    all.map(({ alert_id: id }) => id),
  );
  for (const process of processes) await process.stop();
  assert.equal((await stages.records("harness-alerts")).length, 3, "three thresholds, three records");
  const { stdout, stderr } = await run(home, ["alerts", "list"], { KAFKA_BROKERS: stages.broker.brokers });
  assert.match(stdout, /100 % of client=acme\/month is spent: \$10 of \$10[^]*80 %[^]*50 %/, stderr);
  const body: unknown = JSON.parse(received.at(-1)?.body ?? "");
  assert.equal(typeof body === "object" && body !== null && "type" in body && body.type, "budget.threshold");
});

test("what the receiver never takes goes to the dead letters, and the next alert is handed over", async () => {
  answers.push(500, 500);
  const process = await start({ BREAKWATER_ALERT_WEBHOOK_TRIES: "2" });
  const before = taken().length;
  await stages.append("harness-budgets", budget.budget_id, { ...budget, revision: 2, alert_at: [101] }, "budget");
  const other = sampleBudget({
    budget_id: "all/day",
    scope: {},
    spent_before: { usd: "6", tokens: 0 },
    opened_at_ms: Date.now(),
  });
  await stages.append("harness-budgets", other.budget_id, other, "budget");
  const [letter] = await stages.until(deadLetterTopicOf("harness-alerts"), (all) => all.length === 1);
  assert.equal(letter?.headers["__dlq.errors.code"], "webhook_failed");
  assert.match(letter.headers["__dlq.errors.message"] ?? "", /in 2 tries: status 500$/);
  await stages.append("harness-budgets", other.budget_id, { ...other, revision: 2, limit_usd: "7" }, "budget");
  await until(() => taken().length === before + 1);
  assert.equal(await process.stop(), 0);
});

test("a bad address or secret stops the start with its rule, and without the value", async () => {
  await assert.rejects(
    start({ BREAKWATER_ALERT_WEBHOOK_URL: "http://receiver.internal/token-1" }),
    (error: Error) => /must be https, or http on this machine/.test(error.message) && !/token-1/.test(error.message),
  );
  await assert.rejects(start({ BREAKWATER_ALERT_WEBHOOK_SECRET: "short" }), /must be whsec_ and 24 to 64 bytes/);
});
