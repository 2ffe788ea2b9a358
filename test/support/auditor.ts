/**
 * The auditor: holds what topics, ledger and the provider's own books say of a
 * batch against each other, and names every law that is broken. It shares no
 * arithmetic with the product: results are picked, calls are counted and money
 * is added here once more, in whole millionths of a millionth of a dollar.
 */
import type { CallRecord } from "../../schemas/records/call.ts";
import type { RunResult } from "../../schemas/records/run-result.ts";
import type { ServedCall } from "../../infra/embedded/stand-in/call-log.ts";

export interface PlacedResult {
  readonly partition: number;
  readonly offset: bigint;
  readonly result: RunResult;
}

/** A row of the ledger's view of calls. */
export interface LedgerCall {
  readonly call_id: string;
  readonly state: string;
  readonly cost_usd: string | null;
  readonly orphan_low_usd: string | null;
  readonly orphan_high_usd: string | null;
}

/** A row of the ledger's view of results. */
export interface LedgerRun {
  readonly run_id: string;
  readonly status: string;
  readonly result_partition: number;
  readonly result_offset: string;
}

export interface Position {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly committed: bigint;
  readonly end: bigint;
}

export interface Evidence {
  /** Every run that was ever asked for. */
  readonly runIds: ReadonlySet<string>;
  readonly results: readonly PlacedResult[];
  readonly journal: readonly CallRecord[];
  readonly books: readonly ServedCall[];
  readonly ledger: readonly LedgerCall[];
  /** The same view, read when every deadline is long past. */
  readonly ledgerLater: readonly LedgerCall[];
  readonly ledgerRuns: readonly LedgerRun[];
  /** Records on each dead-letter topic. */
  readonly deadLetters: Readonly<Record<string, bigint>>;
  readonly positions: readonly Position[];
}

export interface Audit {
  /** What is wrong, a sentence each; none when every law holds. */
  readonly violations: readonly string[];
  readonly figures: Figures;
}

export interface Figures {
  readonly documents: number;
  /** Records on harness-results, repeats included. */
  readonly resultRecords: number;
  readonly callsStarted: number;
  readonly callsServed: number;
  /** Served calls beyond the first of their run, attempt and tier. */
  readonly callsRepeated: number;
  readonly orphans: number;
  /** Orphans that the provider counted: paid. */
  readonly orphansServed: number;
  readonly costUsd: string;
  readonly orphanLowUsd: string;
  readonly orphanHighUsd: string;
}

/** `lost`: ids of the calls that were in flight when a model-invoke was killed. */
export function audit(evidence: Evidence, lost: ReadonlySet<string>): Audit {
  const violations = [
    ...auditResults(evidence),
    ...auditJournal(evidence, lost),
    ...auditLedger(evidence),
    ...auditOrphans(evidence),
    ...auditRepeats(evidence, lost),
    ...auditMoney(evidence),
    ...auditEnds(evidence),
  ];
  return { violations, figures: figuresOf(evidence) };
}

/** One effective result a run, the first by offset; every other one says the same; the ledger has that one. */
function auditResults({ runIds, results, ledgerRuns }: Evidence): string[] {
  const wrong: string[] = [];
  const byRun = Map.groupBy(results, ({ result }) => result.run_id);
  for (const runId of byRun.keys()) if (!runIds.has(runId)) wrong.push(`result of a run nobody asked for: ${runId}`);
  const rows = Map.groupBy(ledgerRuns, ({ run_id }) => run_id);
  for (const runId of runIds) {
    const records = (byRun.get(runId) ?? []).toSorted((left, right) => (left.offset < right.offset ? -1 : 1));
    const [first] = records;
    if (first === undefined) {
      wrong.push(`no result: ${runId}`);
      continue;
    }
    if (first.result.status !== "ok") wrong.push(`the result is ${first.result.status}: ${runId}`);
    if (new Set(records.map(({ partition }) => partition)).size > 1) wrong.push(`results in two partitions: ${runId}`);
    if (new Set(records.map(({ result }) => substanceOf(result))).size > 1)
      wrong.push(`two different results: ${runId}`);
    const row = onlyOne(rows.get(runId));
    const place = row && `${row.status} at ${row.result_partition}/${row.result_offset}`;
    if (place !== `${first.result.status} at ${first.partition}/${first.offset}`)
      wrong.push(`the ledger's result is ${place ?? "not there or there twice"}: ${runId}`);
  }
  return wrong;
}

/** All but the moment of writing. */
function substanceOf(result: RunResult): string {
  return JSON.stringify({ ...result, finished_at_ms: 0 });
}

/** A call starts once and ends at most once; what did not end was in flight at a kill, and nothing else. */
function auditJournal({ journal, books, runIds }: Evidence, lost: ReadonlySet<string>): string[] {
  const starts = journal.filter(({ kind }) => kind === "call.started");
  const ends = journal.filter(({ kind }) => kind === "call.finished");
  const started = new Set(idsOf(starts));
  const finished = new Set(idsOf(ends));
  const counted = books.map(({ call_id: id }) => id ?? "without an id");
  return [
    ...twice(idsOf(starts)).map((id) => `started twice: ${id}`),
    ...twice(idsOf(ends)).map((id) => `finished twice: ${id}`),
    ...twice(counted).map((id) => `served twice: ${id}`),
    ...counted.filter((id) => !started.has(id)).map((id) => `served and never announced: ${id}`),
    ...idsOf(ends).flatMap((id) => (started.has(id) ? [] : [`finished and never started: ${id}`])),
    ...[...finished].flatMap((id) => (counted.includes(id) ? [] : [`finished and never served: ${id}`])),
    ...[...started].flatMap((id) => (finished.has(id) || lost.has(id) ? [] : [`never ended, and no kill: ${id}`])),
    ...[...lost].flatMap((id) => (started.has(id) && !finished.has(id) ? [] : [`not lost after all: ${id}`])),
    ...journal.flatMap(({ run_id, attempt }) => (attempt > 3 ? [`attempt ${attempt}: ${run_id}`] : [])),
    ...starts.flatMap(({ run_id }) => (runIds.has(run_id) ? [] : [`called for a run nobody asked for: ${run_id}`])),
  ];
}

/** One row for each call that was announced, so for each that was served; its state is the journal's. */
function auditLedger({ journal, ledger, books }: Evidence): string[] {
  const finished = new Set(idsOf(journal.filter(({ kind }) => kind === "call.finished")));
  const announced = new Set(idsOf(journal));
  const rows = Map.groupBy(ledger, ({ call_id }) => call_id);
  const wrong = [...rows.keys()].flatMap((id) => (announced.has(id) ? [] : [`a row of no call: ${id}`]));
  for (const { call_id: id } of books) {
    const count = rows.get(id ?? "")?.length ?? 0;
    if (count !== 1) wrong.push(`served, and ${count} rows: ${id}`);
  }
  for (const id of announced) {
    const row = onlyOne(rows.get(id));
    const isFinished = row?.state === "finished";
    if (row === undefined) wrong.push(`not exactly one row: ${id}`);
    else if (isFinished !== finished.has(id)) wrong.push(`${row.state} in the ledger, not in the journal: ${id}`);
    else if (!isFinished && row.cost_usd !== null) wrong.push(`unfinished, with a cost: ${id}`);
  }
  return wrong;
}

/** When its deadline is past, a call without an end is an orphan, and what it cost lies between its bounds. */
function auditOrphans({ journal, ledgerLater, books }: Evidence): string[] {
  const finished = new Set(idsOf(journal.filter(({ kind }) => kind === "call.finished")));
  const served = new Map(books.map((call) => [call.call_id, call]));
  return ledgerLater.flatMap((row): string[] => {
    const { call_id: id, state, orphan_low_usd: low, orphan_high_usd: high } = row;
    if (finished.has(id)) return low === null && high === null ? [] : [`finished, with an orphan's bounds: ${id}`];
    if (state !== "orphan") return [`${state} long after its deadline: ${id}`];
    if (low === null || high === null || picoUsd(low) > picoUsd(high)) return [`bounds ${low} to ${high}: ${id}`];
    const call = served.get(id);
    if (call === undefined) return [];
    const cost = priceOf(call);
    return picoUsd(low) <= cost && cost <= picoUsd(high) ? [] : [`cost ${cost}, not within ${low} to ${high}: ${id}`];
  });
}

/** Of the calls of one run, attempt and tier, exactly one was not lost. */
function auditRepeats({ journal, runIds }: Evidence, lost: ReadonlySet<string>): string[] {
  const starts = journal.filter(({ kind }) => kind === "call.started");
  const steps = Map.groupBy(starts, ({ run_id, attempt, tier }) => `${run_id}/${attempt}/${tier}`);
  const wrong = [...steps].flatMap(([step, calls]) => {
    const kept = calls.filter(({ call_id }) => !lost.has(call_id));
    return kept.length === 1 ? [] : [`${kept.length} calls that no kill interrupted: ${step}`];
  });
  const settling = Map.groupBy(
    journal.filter((record) => record.kind === "call.finished" && record.settles),
    ({ run_id }) => run_id,
  );
  for (const runId of runIds) {
    const count = settling.get(runId)?.length ?? 0;
    if (count !== 1) wrong.push(`${count} settling finishes: ${runId}`);
  }
  return wrong;
}

/** The ledger's sum is what the provider's books come to at list price; so is the sum over the results. */
function auditMoney({ ledger, books, results, runIds }: Evidence): string[] {
  const rows = ledger.filter(({ state }) => state === "finished");
  const unpriced = rows.flatMap(({ call_id: id, cost_usd: cost }) => (cost === null ? [`of unknown cost: ${id}`] : []));
  const finished = new Set(idsOf(rows));
  const billed = sum(rows.map(({ cost_usd: cost }) => picoUsd(cost ?? "0")));
  const owed = sum(books.filter(({ call_id: id }) => finished.has(id ?? "")).map(priceOf));
  const told = [...runIds].map((runId) => {
    const first = results
      .filter(({ result }) => result.run_id === runId)
      .toSorted((left, right) => (left.offset < right.offset ? -1 : 1))[0];
    return picoUsd(first?.result.spent.cost_usd ?? "0");
  });
  return [
    ...unpriced,
    ...(billed === owed ? [] : [`the ledger says ${usdText(billed)}, the books ${usdText(owed)}`]),
    ...(sum(told) === owed ? [] : [`the results say ${usdText(sum(told))}, the books ${usdText(owed)}`]),
  ];
}

/** Nothing is left to do, and nothing was given up. */
function auditEnds({ deadLetters, positions }: Evidence): string[] {
  const letters = Object.entries(deadLetters).flatMap(([topic, count]) =>
    count === 0n ? [] : [`${count} records on ${topic}`],
  );
  return [...letters, ...positionsBehind(positions)];
}

/** What is not consumed and committed. A group commits nothing on a partition that never held a record. */
export function positionsBehind(positions: readonly Position[]): string[] {
  return positions.flatMap(({ group, topic, partition, committed, end }) =>
    committed === end || (committed < 0n && end === 0n)
      ? []
      : [`${group} committed ${committed} of ${end} on ${topic}/${partition}`],
  );
}

function figuresOf({ runIds, results, journal, books, ledgerLater }: Evidence): Figures {
  const steps = new Map(journal.map(({ call_id, run_id, attempt, tier }) => [call_id, `${run_id}/${attempt}/${tier}`]));
  const served = books.filter(({ answered }) => answered);
  const orphans = ledgerLater.filter(({ state }) => state === "orphan");
  const ids = new Set(served.map(({ call_id }) => call_id));
  const total = (column: "cost_usd" | "orphan_low_usd" | "orphan_high_usd"): string =>
    usdText(sum(ledgerLater.map((row) => picoUsd(row[column] ?? "0"))));
  return {
    documents: runIds.size,
    resultRecords: results.length,
    callsStarted: journal.filter(({ kind }) => kind === "call.started").length,
    callsServed: served.length,
    callsRepeated: served.length - new Set(served.map(({ call_id }) => steps.get(call_id ?? ""))).size,
    orphans: orphans.length,
    orphansServed: orphans.filter(({ call_id }) => ids.has(call_id)).length,
    costUsd: total("cost_usd"),
    orphanLowUsd: total("orphan_low_usd"),
    orphanHighUsd: total("orphan_high_usd"),
  };
}

/** OpenAI's and Anthropic's list prices of the models of `summarise`, 1e-12 dollars a token. */
const listPrices: Readonly<Record<string, { readonly input: bigint; readonly output: bigint }>> = {
  "gpt-4o": { input: 2_500_000n, output: 10_000_000n },
  "gpt-4o-mini": { input: 150_000n, output: 600_000n },
  "claude-3-5-sonnet-latest": { input: 3_000_000n, output: 15_000_000n },
};

/** 1e-12 dollars; 0 for a call that was not answered. @throws when the books hold what there is no price for. */
export function priceOf({ model, usage, answered }: ServedCall): bigint {
  if (!answered) return 0n;
  const price = listPrices[model];
  if (price === undefined || usage === null) throw new Error(`no price or no usage of a call of ${model}`);
  if (usage.cached_input_tokens + usage.cache_write_tokens > 0) throw new Error("the stand-in has no cache here");
  return BigInt(usage.input_tokens) * price.input + BigInt(usage.output_tokens + usage.reasoning_tokens) * price.output;
}

/** A decimal string with at most 12 places as 1e-12 dollars. */
export function picoUsd(usd: string): bigint {
  const parts = /^(\d+)(?:\.(\d{1,12}))?$/.exec(usd);
  if (parts === null) throw new Error(`not an amount: ${usd}`);
  return BigInt(`${parts[1] ?? ""}${(parts[2] ?? "").padEnd(12, "0")}`);
}

function usdText(pico: bigint): string {
  const digits = String(pico).padStart(13, "0");
  return `${digits.slice(0, -12)}.${digits.slice(-12)}`;
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}

function idsOf(calls: readonly { readonly call_id: string }[]): string[] {
  return calls.map(({ call_id: id }) => id);
}

function twice(ids: readonly string[]): string[] {
  return ids.filter((id, index) => ids.indexOf(id) !== index);
}

function onlyOne<T>(items: readonly T[] | undefined): T | undefined {
  return items?.length === 1 ? items[0] : undefined;
}
