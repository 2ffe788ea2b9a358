import assert from "node:assert/strict";
import { test } from "node:test";
import { alertRecord, type AlertRecord } from "../../schemas/control/alert.ts";
import { exampleValue } from "../../test/contract/examples.ts";
import { MemoryLog } from "../../test/pipeline/memory-log.ts";
import { PoisonRecordError, TransientError } from "../runtime/errors.ts";
import type { ConsumedRecord, Emission, StageContext } from "../runtime/stage.ts";
import { AlertLog } from "./alert-log.ts";
import type { BudgetWatch } from "./budgets/open-budget-watch.ts";
import { alertsStage } from "./stage.ts";
import { Watcher } from "./watcher.ts";
import type { TryOutcome } from "./webhook/send-webhook.ts";

const threshold = alertRecord.parse(exampleValue("harness-alerts", "budget-threshold"));
const anomaly = alertRecord.parse(exampleValue("harness-alerts", "spend-anomaly"));

interface Setting {
  /** What there is cause for. */
  readonly budgets?: readonly AlertRecord[];
  readonly spend?: () => Promise<readonly AlertRecord[]>;
  readonly outcome?: TryOutcome;
  readonly withoutWebhook?: boolean;
}

/** A process of alerts over a log that outlives it. */
function processOn(log: MemoryLog, setting: Setting = {}) {
  const { outcome = { kind: "taken" } } = setting;
  const sent: string[] = [];
  const warnings: object[] = [];
  const logger = { info: () => undefined, warn: (fields: object) => void warnings.push(fields) };
  const refusals: Error[] = [];
  let closed = 0;
  const watch: BudgetWatch = {
    alerts: () => (setting.budgets ?? []).flatMap((alert) => (alert.kind === "spend.anomaly" ? [] : [alert])),
    close: () => Promise.resolve(void (closed += 1)),
  };
  const publish = async (emissions: readonly Emission[]) => {
    const refusal = refusals.shift();
    if (refusal !== undefined) throw refusal;
    await Promise.resolve();
    return emissions.map(({ topic, key, value }) =>
      log.append({ topic, key, value: Buffer.from(JSON.stringify(value)), headers: {} }),
    );
  };
  const alerts = new AlertLog(log);
  const watcher = new Watcher({
    log: alerts,
    openBudgets: () => Promise.resolve(watch),
    lookAtSpend: setting.spend ?? (() => Promise.resolve([])),
    logger,
  });
  const delivery = {
    send: (message: { readonly headers: Readonly<Record<string, string>> }) => {
      sent.push(message.headers["webhook-id"] ?? "");
      return Promise.resolve(outcome);
    },
    secrets: [Buffer.alloc(24)],
    tries: 2,
    firstPauseMs: 1,
    nowMs: () => 0,
    logger,
  };
  const stage = alertsStage({ log: alerts, watcher, delivery: setting.withoutWebhook === true ? null : delivery });
  const context: StageContext = {
    publish,
    worker: "w",
    clusterId: "c",
    nowMs: () => 0,
    signal: new AbortController().signal,
  };
  return {
    stage,
    sent,
    warnings,
    refusals,
    context,
    closed: () => closed,
    takeOver: async () => await stage.takeOver?.({ partition: 0, sources: [] }, context),
    release: () => stage.release?.(0),
    process: async (offset: number) => await stage.process(recordAt(log, offset), context),
  };
}

function recordAt(log: MemoryLog, offset: number): ConsumedRecord {
  const record = log.records("harness-alerts")[offset] ?? assert.fail();
  return { ...record, topic: "harness-alerts" };
}

function append(log: MemoryLog, value: unknown): void {
  log.append({ topic: "harness-alerts", key: "k", value: Buffer.from(JSON.stringify(value)), headers: {} });
}

const idsOn = (log: MemoryLog): readonly string[] =>
  log.values("harness-alerts").map((value) => alertRecord.parse(value).alert_id);

async function settled(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 1));
}

test("who takes the partition over raises what there is cause for, budgets and spend", async () => {
  const log = new MemoryLog(1);
  const first = processOn(log, { budgets: [threshold], spend: () => Promise.resolve([anomaly]) });
  await first.takeOver();
  await settled(() => idsOn(log).length === 2);
  assert.deepEqual(idsOn(log).toSorted(), [threshold.alert_id, anomaly.alert_id].toSorted());
  first.release();
  assert.equal(first.closed(), 1);
});

test("the next owner, who sees the same, raises nothing again", async () => {
  const log = new MemoryLog(1);
  append(log, threshold);
  const next = processOn(log, { budgets: [threshold], spend: () => Promise.resolve([anomaly]) });
  await next.takeOver();
  await settled(() => idsOn(log).length === 2);
  assert.deepEqual(idsOn(log), [threshold.alert_id, anomaly.alert_id]);
  next.release();
});

test("what could not be written is raised at the next look, and a ledger that is away holds up no budget", async () => {
  const log = new MemoryLog(1);
  const process = processOn(log, {
    budgets: [threshold],
    spend: () => Promise.reject(new Error("ClickHouse cannot be reached")),
  });
  process.refusals.push(new TransientError("broker_unavailable", "down"));
  await process.takeOver();
  await settled(() => idsOn(log).length === 1);
  assert.equal(process.warnings.length, 2);
  process.release();
});

test("each alert is handed over once: its first record by offset", async () => {
  const log = new MemoryLog(1);
  for (const alert of [threshold, anomaly, threshold]) append(log, alert);
  const process = processOn(log);
  await process.takeOver();
  for (const offset of [0, 1, 2]) assert.deepEqual(await process.process(offset), { emissions: [] });
  assert.deepEqual(process.sent, [threshold.alert_id, anomaly.alert_id]);
  const next = processOn(log);
  await next.takeOver();
  await next.process(2);
  assert.deepEqual(next.sent, [], "a repeat is known after a restart too");
  for (const one of [process, next]) one.release();
});

test("one that the webhook does not take is a dead letter, without the receiver's words", async () => {
  const log = new MemoryLog(1);
  append(log, threshold);
  const process = processOn(log, { outcome: { kind: "not_taken", why: "status 500" } });
  await process.takeOver();
  const { deadLetter } = await process.process(0);
  assert.deepEqual(deadLetter, {
    code: "webhook_failed",
    message: "the webhook did not take it in 2 tries: status 500",
    disposition: "exhausted",
  });
  process.release();
});

test("without a webhook an alert is done when it stands on the topic", async () => {
  const log = new MemoryLog(1);
  append(log, threshold);
  const process = processOn(log, { withoutWebhook: true });
  await process.takeOver();
  assert.deepEqual(await process.process(0), { emissions: [] });
  process.release();
});

test("a record that is no alert is poison, and holds up nothing that is read at the start", async () => {
  const log = new MemoryLog(1);
  append(log, { kind: "nothing" });
  const process = processOn(log);
  await process.takeOver();
  await assert.rejects(process.process(0), PoisonRecordError);
  process.release();
});
