/**
 * cost-aggregate, the sink: reads the journal, the results, the audit, its
 * sealed chain and the reviews, and keeps each record as a row of the ledger. A record is done when the batch
 * that holds its row is stored. Emits nothing. Prices nothing: model-invoke
 * stamps the cost, so reading again changes nothing.
 */
import type { BatchInserter } from "../ledger/batch-inserter.ts";
import { defineStage, type Outcome, type Stage } from "../runtime/stage.ts";
import type { LedgerMetrics } from "./ledger-metrics.ts";
import { ledgerRow } from "./rows.ts";

const stored: Outcome = { emissions: [] };

export function costAggregate(ledger: Pick<BatchInserter, "insert">, metrics: LedgerMetrics): Stage {
  return defineStage({
    name: "cost-aggregate",
    sources: ["harness-calls", "harness-results", "harness-audit", "harness-audit-chain", "harness-reviews"],
    unhurried: true,
    process: async (record, { nowMs }) => {
      const reading = ledgerRow(record, record.value?.toString("utf8") ?? null);
      switch (reading.kind) {
        case "invalid":
          return poison(reading.message);
        case "passed over":
          return stored;
        case "row":
          await ledger.insert(reading.entry);
          metrics.stored(reading.entry, nowMs() - record.timestampMs);
          return stored;
      }
    },
  });
}

function poison(message: string): Outcome {
  return { emissions: [], deadLetter: { code: "internal_record_invalid", message, disposition: "poison" } };
}
