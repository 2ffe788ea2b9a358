/**
 * Runs that this process has not heard of since it began to follow: taken in by
 * another gateway, or by this one before it was started again, or long ago. The
 * ledger is asked first. Where it is away or not as far yet, the topics are
 * read from the time that is in a run's id: its request tells that there is
 * such a run and whose it is, then its result is looked for within an hour.
 */
import { runRequest } from "../../../../schemas/records/run-request.ts";
import type { Store } from "../../../ledger/clickhouse.ts";
import { parseResult } from "../../../runtime/first-results.ts";
import type { LogReader, LogRecord } from "../../../runtime/kafka/log-reader.ts";
import { clockMarginMs, madeAtMs } from "../made-at.ts";
import type { Standing } from "../run-desk.ts";
import { ledgerRun, type LedgerKnowledge } from "./ledger-run.ts";
import { LogSearch } from "./log-search.ts";

export interface PastRun {
  readonly standing: Standing;
  readonly clientId: string | null;
}

export interface PastSource {
  readonly reader: Pick<LogReader, "offsets" | "offsetAt" | "follow" | "recordAt">;
  readonly store: Pick<Store, "query"> | null;
  readonly logger: { warn(fields: object, message: string): void };
  readonly nowMs: () => number;
}

/** A request is written at most this long after its id was made, but for one that is published again. */
const publishedWithinMs = 600_000;
const endedWithinMs = 3_600_000;
/** What is sent again under its key within this time is looked for to the end of the log. */
const repeatedWithinMs = 25 * 3_600_000;
const ledgerWaitMs = 3000;

export class PastRuns {
  readonly #source: PastSource;
  readonly #search: LogSearch;

  constructor(source: PastSource) {
    this.#source = source;
    this.#search = new LogSearch(source.reader);
  }

  /**
   * Null when there is none, or none any more. `before`: results from this offset of its partition on are known otherwise. Errors:
   * TransientError broker_unavailable.
   */
  async find(runId: string, before: number): Promise<PastRun | null> {
    const ledger = await this.#ledger(runId);
    if (ledger?.place) return await this.#resultAt({ topic: "harness-results", ...ledger.place }, runId);
    const madeMs = madeAtMs(runId);
    if (madeMs === null)
      return ledger === null ? null : { standing: unended(ledger.isHeld), clientId: ledger.clientId };
    const clientId = ledger?.clientId ?? (await this.#requestedBy(runId, madeMs, publishedWithinMs));
    if (clientId === null) return null;
    const ended = await this.#resultOf(runId, madeMs, before);
    if (ended !== null) return ended;
    const isHeld = ledger?.isHeld === true || (await this.#isHeld(runId, madeMs));
    return { standing: unended(isHeld), clientId };
  }

  /** Whether its request is in the log, so that it will have its result. Errors: TransientError broker_unavailable. */
  async isPublished(runId: string): Promise<boolean> {
    if ((await this.#ledger(runId)) !== null) return true;
    const madeMs = madeAtMs(runId);
    return madeMs !== null && (await this.#requestedBy(runId, madeMs, repeatedWithinMs)) !== null;
  }

  /** Null too when the ledger does not answer: then it is done without. */
  async #ledger(runId: string): Promise<LedgerKnowledge | null> {
    const { store, logger } = this.#source;
    if (store === null) return null;
    const late = Promise.withResolvers<null>();
    const timer = setTimeout(() => late.resolve(null), ledgerWaitMs);
    try {
      return await Promise.race([ledgerRun(store, runId), late.promise]);
    } catch (error) {
      logger.warn({ err: error }, "the ledger does not answer: a run is looked for on the topics");
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  async #resultAt(place: Parameters<LogReader["recordAt"]>[0], runId: string): Promise<PastRun | null> {
    return endOf(await this.#source.reader.recordAt(place), runId);
  }

  async #resultOf(runId: string, madeMs: number, before: number): Promise<PastRun | null> {
    const isIt = (record: LogRecord): boolean => endOf(record, runId) !== null;
    const record = await this.#search.first({
      topic: "harness-results",
      key: runId,
      ...window(madeMs, endedWithinMs),
      before,
      isIt,
    });
    return endOf(record, runId);
  }

  async #isHeld(runId: string, madeMs: number): Promise<boolean> {
    const isIt = ({ headers }: LogRecord): boolean => headers["ce_type"] === "breakwater.review.held";
    const sought = { topic: "harness-reviews", key: runId, ...window(madeMs, endedWithinMs), isIt } as const;
    return (await this.#search.first(sought)) !== null;
  }

  /** Requests that this gateway or the command line published have the run's id as their key. */
  async #requestedBy(runId: string, madeMs: number, withinMs: number): Promise<string | null> {
    if (madeMs > this.#source.nowMs() + clockMarginMs) return null;
    const isIt = (record: LogRecord): boolean => clientOf(record) !== null;
    const sought = { topic: "harness-requests", key: runId, ...window(madeMs, withinMs), isIt } as const;
    return clientOf(await this.#search.first(sought));
  }
}

function window(madeMs: number, withinMs: number): { readonly fromMs: number; readonly untilMs: number } {
  return { fromMs: madeMs - clockMarginMs, untilMs: madeMs + withinMs };
}

function unended(isHeld: boolean): Standing {
  return isHeld ? { kind: "in_review" } : { kind: "running" };
}

/** Null for what is no result of the run. */
export function endOf(record: LogRecord | null, runId: string): PastRun | null {
  const result = parseResult(record?.value ?? null);
  return result?.run_id === runId ? { standing: { kind: "ended", result }, clientId: result.client_id } : null;
}

function clientOf(record: LogRecord | null): string | null {
  if (!record?.value) return null;
  try {
    return runRequest.parse(JSON.parse(record.value.toString("utf8"))).client_id;
  } catch {
    return null;
  }
}
