/**
 * How budgets stand, followed: what is set on harness-budgets, and what of it is
 * spent and held by harness-leases, since the month began. Nothing is read
 * again when somebody asks.
 */
import { budgetRecord, type BudgetRecord } from "../../../schemas/control/budget.ts";
import { leaseRecord } from "../../../schemas/records/lease.ts";
import { LeaseBook } from "../../budgets/lease-book.ts";
import { windowAt } from "../../budgets/window.ts";
import { openControlTable } from "../../runtime/control-table.ts";
import type { KafkaLogger } from "../../runtime/kafka/client.ts";
import type { LogReader } from "../../runtime/kafka/log-reader.ts";
import { followTopic } from "../../runtime/kafka/read/follow-topic.ts";

export interface Standings {
  readonly budgets: () => Iterable<BudgetRecord>;
  readonly book: Pick<LeaseBook, "account">;
  readonly close: () => Promise<void>;
}

/** Brokers' clocks may differ by this much from ours, milliseconds. */
const clockMarginMs = 3_600_000;
const topic = "harness-leases";

/** Resolves when all is read that was there. Errors: TransientError broker_unavailable. */
export async function openStandings(
  { reader, logger }: { readonly reader: LogReader; readonly logger: KafkaLogger },
  nowMs: () => number,
): Promise<Standings> {
  const table = await openControlTable({
    reader,
    logger,
    topic: "harness-budgets",
    parse: (value) => budgetRecord.parse(value),
  });
  const closing = new AbortController();
  const book = new LeaseBook();
  const sinceMs = windowAt("month", nowMs()).startMs - clockMarginMs;
  const partitions = [...(await reader.offsets(topic)).keys()];
  const starts = await Promise.all(
    partitions.map(async (partition) => ({ partition, from: await reader.offsetAt(topic, partition, sinceMs) })),
  );
  const { ended } = await followTopic(reader, {
    topic,
    starts,
    signal: closing.signal,
    onRecord: ({ value, timestampMs }) => {
      const record = leaseRecord.safeParse(parsedJson(value));
      if (record.success) book.apply(record.data, timestampMs);
    },
  });
  return {
    budgets: () => table.entries().values(),
    book,
    close: async () => {
      closing.abort();
      await Promise.all([ended, table.close()]);
    },
  };
}

/** Undefined for what is none: model-invoke ignores it, too. */
function parsedJson(value: Buffer | null): unknown {
  try {
    return JSON.parse(String(value));
  } catch {
    return undefined;
  }
}
