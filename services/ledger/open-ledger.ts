/**
 * Opens the ledger for a process that writes it: waits until ClickHouse
 * answers, brings the schema up to date, and gathers rows into batches.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { openBatchInserter, type BatchInserter } from "./batch-inserter.ts";
import { connectStore, type ClickHouseSettings, type Store } from "./clickhouse.ts";
import { migrate } from "./migrate.ts";

/** What is said while opening. */
export interface OpeningLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

const pingPauseMs = 1000;

/** Waits as long as it takes. Errors: StoreError when it answers but refuses, ConfigError (see migrate). */
export async function openLedger(settings: ClickHouseSettings, logger: OpeningLogger): Promise<BatchInserter> {
  const store = connectStore(settings);
  await answering(store, logger);
  const applied = await migrate(store);
  if (applied.length > 0) logger.info({ migrations: applied }, "brought the ledger's schema up to date");
  const batches = openBatchInserter(store);
  return {
    insert: (entry) => batches.insert(entry),
    close: async () => {
      await batches.close();
      await store.close();
    },
  };
}

async function answering(store: Store, logger: OpeningLogger): Promise<void> {
  for (let tries = 0; !(await store.ping()); tries += 1) {
    if (tries % 30 === 0) logger.warn({}, "ClickHouse does not answer: waiting for it");
    await sleep(pingPauseMs);
  }
}
