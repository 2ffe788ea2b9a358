/**
 * alerts: whoever has the one partition of harness-alerts watches budgets and
 * spend, writes what there is cause for, and hands each alert to the webhook.
 * An alert is what its first record by offset says; repeats are passed over. It
 * is done when the receiver took it, or it went to the dead letters.
 */
import type { AlertRecord } from "../../schemas/control/alert.ts";
import { parsedAlert } from "../runtime/alerts/alert-book.ts";
import { PoisonRecordError } from "../runtime/errors.ts";
import { defineStage, type ConsumedRecord, type Outcome, type Stage } from "../runtime/stage.ts";
import type { AlertLog } from "./alert-log.ts";
import type { Watcher } from "./watcher.ts";
import { deliver, type Delivery } from "./webhook/deliver.ts";

export interface AlertsParts {
  readonly log: AlertLog;
  readonly watcher: Watcher;
  /** Null when no webhook is configured: alerts stand on the topic alone. */
  readonly delivery: Delivery | null;
}

const done: Outcome = { emissions: [] };

export function alertsStage({ log, watcher, delivery }: AlertsParts): Stage {
  return defineStage({
    name: "alerts",
    sources: ["harness-alerts"],
    takeOver: async (_takeover, context) => {
      await log.read();
      await watcher.start(context);
    },
    release: () => watcher.stop(),
    process: async (record, context) => {
      const alert = readAlert(record);
      if (!log.isFirst(alert.alert_id, record.offset) || delivery === null) return done;
      const delivered = await deliver(delivery, alert, context.signal);
      return delivered.kind === "taken" ? done : undelivered(delivered.why);
    },
  });
}

function readAlert({ value }: ConsumedRecord): AlertRecord {
  const alert = parsedAlert(value);
  if (alert !== null) return alert;
  throw new PoisonRecordError("internal_record_invalid", "the record is not an alert");
}

function undelivered(message: string): Outcome {
  return { emissions: [], deadLetter: { code: "webhook_failed", message, disposition: "exhausted" } };
}
