/**
 * Keeps the roll-ups fresh behind whatever writes the ledger: builds what is due
 * in bounded steps, sweeps up what was replaced, and goes on when ClickHouse
 * fails. Any number of processes may do it beside each other. The views are
 * right without it; with it they are fast.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { connectStore, StoreError, type ClickHouseSettings, type Store } from "../clickhouse.ts";
import { readBehind } from "./behind.ts";
import { rebuild } from "./rebuild.ts";
import { applyRetention, type Retention } from "./retention.ts";
import { rollUpKinds, type RollUpKind } from "./roll-up-kinds.ts";
import { createRollUpMetrics, type RollUpMetrics } from "./roll-up-metrics.ts";
import { sweep } from "./sweep.ts";

/** Inserts are given up after one minute; twice that is kept, for the server's own delays. */
const limits = { settleMs: 120_000, maxPeriods: 48 };
const pauseMs = 30_000;
const sweepEveryMs = 600_000;
/** Of builds that were replaced or left unfinished. */
const graceMs = 3_600_000;

export interface RollUpLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface RollUpLoop {
  /** Resolves when the step under way is done. */
  close(): Promise<void>;
}

/** Of a ledger whose schema is up to date. Errors: StoreError. */
export async function openRollUps(
  settings: ClickHouseSettings,
  retention: Retention,
  logger: RollUpLogger,
): Promise<RollUpLoop> {
  const store = connectStore(settings);
  const changed = await applyRetention(store, retention);
  if (changed.length > 0) logger.info({ changed, ...retention }, "told ClickHouse how long to keep rows, in days");
  const ended = new AbortController();
  const running = keepFresh(store, logger, ended.signal);
  return {
    close: async () => {
      ended.abort();
      await running;
      await store.close();
    },
  };
}

async function keepFresh(store: Store, logger: RollUpLogger, signal: AbortSignal): Promise<void> {
  const metrics = createRollUpMetrics();
  let sweptAtMs = Date.now();
  while (!signal.aborted) {
    try {
      for (const kind of rollUpKinds) await drain(store, { kind, metrics, signal });
      metrics.behind(await readBehind(store));
      if (Date.now() - sweptAtMs > sweepEveryMs) {
        sweptAtMs = Date.now();
        const builds = await sweep(store, { graceMs });
        if (builds > 0) logger.info({ builds }, "deleted the rows of replaced roll-ups");
      }
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      logger.warn({ fault: error.fault, number: error.number }, "the roll-ups wait: ClickHouse could not build them");
    }
    await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

interface Draining {
  readonly kind: RollUpKind;
  readonly metrics: RollUpMetrics;
  readonly signal: AbortSignal;
}

/** Step by step, until nothing is due. */
async function drain(store: Store, { kind, metrics, signal }: Draining): Promise<void> {
  while (!signal.aborted) {
    const began = performance.now();
    const { hours, days } = await rebuild(store, kind, limits);
    if (hours + days === 0) return;
    metrics.built(kind, performance.now() - began);
  }
}
