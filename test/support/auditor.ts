/**
 * The auditor: holds what topics, ledger and the provider's own books say of a
 * batch against each other, and names every law that is broken. It shares no
 * arithmetic with the product: results are picked, calls are counted and money
 * is added here once more, in whole millionths of a millionth of a dollar.
 */
import type { ResultStatus } from "../../schemas/parts/codes.ts";
import type { CallRecord } from "../../schemas/records/call.ts";
import type { RunResult } from "../../schemas/records/run-result.ts";
import type { ServedCall } from "../../infra/embedded/stand-in/call-log.ts";
import { auditReviews, type CanStand, type PlacedReview } from "./audit-reviews.ts";

export interface PlacedResult {
  readonly partition: number;
  readonly offset: bigint;
  readonly result: RunResult;
}

/** A row of the ledger's view of calls. */
export interface LedgerCall {
  readonly call_id: string;
  readonly state: string;
  readonly outcome: string | null;
  /** `provider`, `estimated` or `unknown`; null until it is finished. */
  readonly usage_source: string | null;
  readonly cost_usd: string | null;
  readonly bound_low_usd: string | null;
  readonly bound_high_usd: string | null;
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
  readonly reviews: readonly PlacedReview[];
  /** In the order of each partition. */
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

/** What was done to the processes meanwhile, and what the runs themselves asked for. */
export interface Terms {
  /** Kafka client ids of the processes that were killed. */
  readonly killed: ReadonlySet<string>;
  /** Of those that stood still for longer than a session, and went on. */
  readonly frozen?: ReadonlySet<string>;
  /** How each run may end: `ok` where nothing is said. */
  readonly endings?: ReadonlyMap<string, readonly ResultStatus[]>;
  /** Which edits of a reviewer keep their contract: all where nothing is said. */
  readonly canStand?: CanStand;
  /** Dead letters by topic, at most so many; none where nothing is said. */
  readonly deadLetters?: Readonly<Record<string, bigint>>;
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

export function audit(evidence: Evidence, terms: Terms): Audit {
  const violations = [
    ...auditResults(evidence, terms),
    ...auditReviews(evidence.reviews, firstOf(evidence.results), terms.canStand),
    ...auditJournal(evidence, terms),
    ...auditLedger(evidence),
    ...auditOrphans(evidence),
    ...auditRepeats(evidence, terms),
    ...auditMoney(evidence, terms),
    ...auditEnds(evidence, terms),
  ];
  return { violations, figures: figuresOf(evidence) };
}

/** One effective result a run, the first by offset; every other one says the same; the ledger has that one. */
function auditResults({ runIds, results, ledgerRuns }: Evidence, { endings }: Terms): string[] {
  const wrong: string[] = [];
  const byRun = Map.groupBy(results, ({ result }) => result.run_id);
  for (const runId of byRun.keys()) if (!runIds.has(runId)) wrong.push(`result of a run nobody asked for: ${runId}`);
  const rows = Map.groupBy(ledgerRuns, ({ run_id }) => run_id);
  for (const runId of runIds) {
    const records = inOrder(byRun.get(runId) ?? []);
    const [first] = records;
    if (first === undefined) {
      wrong.push(`no result: ${runId}`);
      continue;
    }
    const allowed = endings?.get(runId) ?? ["ok"];
    if (!allowed.includes(first.result.status)) wrong.push(`the result is ${first.result.status}: ${runId}`);
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

/** The effective one of each run. */
function firstOf(results: readonly PlacedResult[]): readonly RunResult[] {
  const byRun = Map.groupBy(results, ({ result }) => result.run_id);
  return [...byRun.values()].flatMap((own) => inOrder(own).slice(0, 1)).map(({ result }) => result);
}

function inOrder(records: readonly PlacedResult[]): PlacedResult[] {
  return records.toSorted((left, right) => (left.offset < right.offset ? -1 : 1));
}

/** All but the moment of writing. */
function substanceOf(result: RunResult): string {
  return JSON.stringify({ ...result, finished_at_ms: 0 });
}

/**
 * A call starts once and ends at most once; only a process that was killed leaves one without an end, and
 * only one that froze has one that failed on its way to the provider.
 */
function auditJournal({ journal, books, runIds }: Evidence, { killed, frozen }: Terms): string[] {
  const starts = journal.filter(({ kind }) => kind === "call.started");
  const ends = journal.filter((record) => record.kind === "call.finished");
  const started = new Set(idsOf(starts));
  const finished = new Set(idsOf(ends));
  const counted = books.map(({ call_id: id }) => id ?? "without an id");
  const served = new Set(counted);
  return [
    ...twice(idsOf(starts)).map((id) => `started twice: ${id}`),
    ...twice(idsOf(ends)).map((id) => `finished twice: ${id}`),
    ...twice(counted).map((id) => `served twice: ${id}`),
    ...counted.filter((id) => !started.has(id)).map((id) => `served and never announced: ${id}`),
    ...idsOf(ends).flatMap((id) => (started.has(id) ? [] : [`finished and never started: ${id}`])),
    ...ends.flatMap(({ call_id: id, error, outcome, worker }) => {
      const wasOnItsWay = outcome !== "ok" && (frozen?.has(worker) ?? false);
      return served.has(id) || wasOnItsWay || error?.code === "not_sent" ? [] : [`finished and never served: ${id}`];
    }),
    ...starts.flatMap(({ call_id: id, worker }) =>
      finished.has(id) || killed.has(worker) ? [] : [`never ended, and no kill: ${id}`],
    ),
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
  const estimates = new Map(journal.map(({ call_id: id, input_tokens_estimate: tokens }) => [id, tokens]));
  return ledgerLater.flatMap((row): string[] => {
    const { call_id: id, state, orphan_low_usd: low, orphan_high_usd: high } = row;
    if (finished.has(id)) return low === null && high === null ? [] : [`finished, with an orphan's bounds: ${id}`];
    if (state !== "orphan") return [`${state} long after its deadline: ${id}`];
    if (low === null || high === null || picoUsd(low) > picoUsd(high)) return [`bounds ${low} to ${high}: ${id}`];
    const call = served.get(id);
    // One that never left, or that the provider turned away, cost nothing: less than its low bound.
    if (call === undefined || !call.answered) return [];
    const cost = priceOf(call);
    const announced = priceOf(withInputAtMost(call, estimates.get(id) ?? 0));
    return picoUsd(low) <= cost && announced <= picoUsd(high)
      ? []
      : [`cost ${cost}, not within ${low} to ${high}: ${id}`];
  });
}

/**
 * The bounds are of the input that was announced, in the model's own tokens. The stand-in counts one for every four
 * characters, which is more than that for plain English.
 */
function withInputAtMost(call: ServedCall, tokens: number): ServedCall {
  if (call.usage === null) return call;
  return { ...call, usage: { ...call.usage, input_tokens: Math.min(call.usage.input_tokens, tokens) } };
}

/**
 * Each attempt in the journal's order: a call leaves only when no other is under way but one that an interruption cut
 * off, or that it hedges; none leaves when the attempt is settled, nor before the attempt before it is; and it is settled once. What a
 * frozen process wrote when it went on was not known to the one that took its work. A moderation is of a settled attempt.
 */
function auditRepeats({ journal, results }: Evidence, { killed, frozen }: Terms): string[] {
  const wrong: string[] = [];
  const attempts = new Map<string, { underWay: Map<string, string>; settlers: string[] }>();
  const isFrozen = (worker: string): boolean => frozen?.has(worker) ?? false;
  for (const record of journal) {
    const { kind, call_id: id, run_id: runId, attempt, worker } = record;
    const key = `${runId}/${attempt}`;
    const known = attempts.get(key) ?? { underWay: new Map<string, string>(), settlers: [] };
    attempts.set(key, known);
    if (record.purpose !== undefined) {
      if (known.settlers.length === 0) wrong.push(`${id} judges what is not settled: ${key}`);
      if (kind === "call.finished" && record.settles) wrong.push(`${id} settles what it judges: ${key}`);
      continue;
    }
    const isSettled = known.settlers.length > 0 && ![...known.settlers, worker].some(isFrozen);
    if (kind === "call.started") {
      for (const [other, by] of known.underWay)
        if (!killed.has(by) && ![by, worker].some(isFrozen) && record.hedge_of === undefined)
          wrong.push(`${id} called beside ${other}: ${key}`);
      if (isSettled) wrong.push(`${id} called when it was settled: ${key}`);
      const isEarly = attempt > 1 && (attempts.get(`${runId}/${attempt - 1}`)?.settlers.length ?? 0) === 0;
      if (isEarly) wrong.push(`${id} called too early: ${key}`);
      known.underWay.set(id, worker);
    } else {
      if (!known.underWay.delete(id)) wrong.push(`${id} ended before it began: ${key}`);
      if (!record.settles) continue;
      if (isSettled) wrong.push(`two settling finishes: ${key}`);
      known.settlers.push(worker);
    }
  }
  const answered = new Set(results.flatMap(({ result }) => (result.status === "ok" ? [result.run_id] : [])));
  for (const [key, { settlers }] of attempts)
    if (settlers.length === 0 && answered.has(key.split("/")[0] ?? "")) wrong.push(`no settling finish: ${key}`);
  return wrong;
}

/**
 * What the ledger says that a call cost is what the provider's books say at list price; where it is unknown, that lies
 * within the bounds, and where a call that broke off was estimated, not above the bound that was announced. The results
 * tell their runs' costs, but for what a frozen process added later.
 */
function auditMoney({ journal, ledger, books, results, runIds }: Evidence, { frozen }: Terms): string[] {
  const served = new Map(books.map((call) => [call.call_id, call]));
  const rows = ledger.filter(({ state }) => state === "finished");
  const known = rows.filter(({ cost_usd: cost }) => cost !== null);
  const moderations = new Set(idsOf(journal.filter(({ purpose }) => purpose !== undefined)));
  const answers = known.filter(({ call_id: id }) => !moderations.has(id));
  const charged = known.filter(({ call_id: id, cost_usd: cost }) => moderations.has(id) && picoUsd(cost ?? "") !== 0n);
  const costs = new Map(known.map(({ call_id: id, cost_usd: cost }) => [id, picoUsd(cost ?? "")]));
  const exact = new Set(idsOf(known.filter(({ usage_source: source }) => source === "provider")));
  const billed = sum([...exact].map((id) => costs.get(id) ?? 0n));
  const owed = sum(books.filter(({ call_id: id }) => exact.has(id ?? "")).map(priceOf));
  const highs = new Map(journal.map(({ call_id: id, cost_high_usd: high }) => [id, high]));
  return [
    ...idsOf(charged).map((id) => `a moderation that is not free: ${id}`),
    ...rows.flatMap((row) => unknownCost(row, served.get(row.call_id))),
    ...answers.flatMap((row) => estimatedCost(row, served.get(row.call_id), highs.get(row.call_id) ?? null)),
    ...(billed === owed ? [] : [`the ledger says ${usdText(billed)}, the books ${usdText(owed)}`]),
    ...toldCosts({ journal, results, runIds, costs, frozen: frozen ?? new Set() }),
  ];
}

function unknownCost({ call_id: id, cost_usd, outcome, ...row }: LedgerCall, call: ServedCall | undefined): string[] {
  if (cost_usd !== null || call === undefined) return [];
  if (outcome === "ok") return [`of unknown cost: ${id}`];
  const { bound_low_usd: low, bound_high_usd: high } = row;
  const cost = priceOf(call);
  const isWithin = low !== null && high !== null && picoUsd(low) <= cost && cost <= picoUsd(high);
  return isWithin || cost === 0n ? [] : [`cost ${cost}, not within ${low} to ${high}: ${id}`];
}

/** Only a call that broke off, or was turned away, may be estimated. */
function estimatedCost(
  { call_id: id, usage_source: source, outcome }: LedgerCall,
  call: ServedCall | undefined,
  high: string | null,
): string[] {
  if (source === "provider" || call === undefined) return [];
  if (outcome === "ok") return [`a good answer's cost is ${source}: ${id}`];
  const cost = priceOf(call);
  return cost <= picoUsd(high ?? "0") ? [] : [`estimated, and it cost ${cost}, more than ${high}: ${id}`];
}

interface Told extends Pick<Evidence, "journal" | "results" | "runIds"> {
  /** Known costs by call, 1e-12 dollars. */
  readonly costs: ReadonlyMap<string, bigint>;
  readonly frozen: ReadonlySet<string>;
}

function toldCosts({ journal, results, runIds, costs, frozen }: Told): string[] {
  const byRun = Map.groupBy(results, ({ result }) => result.run_id);
  const calls = Map.groupBy(journal, ({ run_id: runId }) => runId);
  return [...runIds].flatMap((runId) => {
    const told = picoUsd(inOrder(byRun.get(runId) ?? [])[0]?.result.spent.cost_usd ?? "0");
    const own = calls.get(runId) ?? [];
    const owed = sum([...new Set(idsOf(own))].map((id) => costs.get(id) ?? 0n));
    const isLate = own.some(({ worker }) => frozen.has(worker));
    return told === owed || (isLate && told < owed)
      ? []
      : [`the result says ${usdText(told)}, the ledger ${usdText(owed)}: ${runId}`];
  });
}

/** Nothing is left to do, and nothing was given up but what asked for it. */
function auditEnds({ deadLetters, positions }: Evidence, terms: Terms): string[] {
  const letters = Object.entries(deadLetters).flatMap(([topic, count]) =>
    count <= (terms.deadLetters?.[topic] ?? 0n) ? [] : [`${count} records on ${topic}`],
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
