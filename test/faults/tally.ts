/**
 * What a point came to, in figures: counted from the same evidence that the
 * auditor judges, and added up over points and seeds.
 */
import { picoUsd, priceOf, type Evidence } from "../support/auditor.ts";
import type { Deed } from "./point.ts";

export interface Tally {
  readonly requests: number;
  readonly hits: number;
  /** Runs without a result. */
  readonly lost: number;
  /** Runs with two results that differ in more than the moment of writing. */
  readonly twoResults: number;
  readonly started: number;
  /** Calls that the provider has in its books. */
  readonly served: number;
  /** Of those, without exactly one row in the ledger. */
  readonly unledgered: number;
  /** Calls that the provider was paid for beside another one for the same attempt and tier. */
  readonly repeated: number;
  readonly orphans: number;
  /** What the orphans cost by the provider's books, dollars. */
  readonly orphanUsd: number;
  /** What the ledger shows them to have cost at most, dollars. */
  readonly orphanHighUsd: number;
  readonly mostAttempts: number;
  /** From the deed to the result, seconds, for each run that had none by then. */
  readonly recoverySeconds: readonly number[];
}

const pico = 1e12;

export function tally(evidence: Evidence, deed: Deed, times: ReadonlyMap<string, number>): Tally {
  const { journal, books, ledger, ledgerLater, runIds, results } = evidence;
  const rows = Map.groupBy(ledger, ({ call_id: id }) => id);
  const orphans = ledgerLater.filter(({ state }) => state === "orphan");
  const orphanIds = new Set(orphans.map(({ call_id: id }) => id));
  const starts = journal.filter(({ kind }) => kind === "call.started");
  const byRun = Map.groupBy(results, ({ result }) => result.run_id);
  const contents = [...byRun.values()].map(
    (own) => new Set(own.map(({ result }) => JSON.stringify({ ...result, finished_at_ms: 0 }))).size,
  );
  const recoverySeconds = deed.runs.flatMap(({ runId }) => {
    const waitedMs = (times.get(runId) ?? 0) - deed.atMs;
    return waitedMs > 0 ? [waitedMs / 1000] : [];
  });
  return {
    requests: runIds.size,
    hits: deed.hits,
    lost: [...runIds].filter((runId) => !byRun.has(runId)).length,
    twoResults: contents.filter((count) => count > 1).length,
    started: starts.length,
    served: books.length,
    unledgered: books.filter(({ call_id: id }) => rows.get(id ?? "")?.length !== 1).length,
    repeated: repeatedCalls(evidence, deed),
    orphans: orphans.length,
    orphanUsd: books
      .filter(({ call_id: id }) => orphanIds.has(id ?? ""))
      .reduce((total, call) => total + Number(priceOf(call)) / pico, 0),
    orphanHighUsd: orphans.reduce((total, row) => total + Number(picoUsd(row.orphan_high_usd ?? "0")) / pico, 0),
    mostAttempts: Math.max(0, ...journal.map(({ attempt }) => attempt)),
    recoverySeconds,
  };
}

/** Paid calls of processes that were hit, for which another one made a paid call for the same attempt and tier. */
function repeatedCalls({ journal, books }: Evidence, { killed, frozen }: Deed): number {
  const hit = new Set([...killed, ...frozen]);
  const paid = new Set(books.filter(({ answered }) => answered).map(({ call_id: id }) => id));
  const calls = journal.filter(({ kind, call_id: id }) => kind === "call.started" && paid.has(id));
  const steps = Map.groupBy(calls, ({ run_id, attempt, tier }) => `${run_id}/${attempt}/${tier}`);
  return [...steps.values()].reduce(
    (total, own) => total + (own.length > 1 ? own.filter(({ worker }) => hit.has(worker)).length : 0),
    0,
  );
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
