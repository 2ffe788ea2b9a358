/**
 * Waits for the results of a few runs: follows harness-results from given
 * offsets and keeps the first terminal record of each.
 */
import type { RunResult } from "../../schemas/records/run-result.ts";
import { firstResults } from "../runtime/first-results.ts";
import type { LogReader } from "../runtime/kafka/log-reader.ts";
import { partitionOf } from "../runtime/kafka/murmur2.ts";
import { printableLines } from "./screen.ts";
import { grouped } from "./table.ts";

export interface FoundResult {
  readonly result: RunResult;
  readonly partition: number;
  readonly offset: bigint;
}

export interface Awaiting {
  readonly reader: Pick<LogReader, "follow">;
  readonly starts: readonly { readonly partition: number; readonly from: bigint }[];
  readonly runIds: readonly string[];
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Ends of harness-results, to be asked for before the request is published. */
export async function resultEnds(reader: Pick<LogReader, "offsets">): Promise<Awaiting["starts"]> {
  return [...(await reader.offsets("harness-results"))].map(([partition, { high }]) => ({ partition, from: high }));
}

/** The whole partition that holds the run's result, whenever it came. */
export async function partitionOfResult(
  reader: Pick<LogReader, "offsets">,
  runId: string,
): Promise<Awaiting["starts"]> {
  const offsets = await reader.offsets("harness-results");
  const partition = partitionOf(runId, offsets.size);
  return [{ partition, from: offsets.get(partition)?.low ?? 0n }];
}

/** What came within the time; the signal's reason is thrown when it aborts. */
export async function awaitResults({
  reader,
  starts,
  runIds,
  timeoutMs,
  signal,
}: Awaiting): Promise<ReadonlyMap<string, FoundResult>> {
  const wanted = new Set(runIds);
  const found = new Map<string, FoundResult>();
  const first = firstResults((runId) => wanted.has(runId));
  const done = new AbortController();
  const timer = setTimeout(() => done.abort(), timeoutMs);
  try {
    await reader.follow({
      topic: "harness-results",
      starts,
      onRecord: (record) => {
        const result = first.take(record);
        if (result === null) return;
        found.set(result.run_id, { result, partition: record.partition, offset: record.offset });
        if (found.size === wanted.size) done.abort();
      },
      signal: AbortSignal.any([done.signal, signal]),
    });
  } finally {
    clearTimeout(timer);
  }
  if (found.size < wanted.size) signal.throwIfAborted();
  return found;
}

/** `ok in 1.2 s, 1 attempt, 1 call, 1,204 + 80 tokens, $0.003810, by openai gpt-4o`, `refused in 16 ms, no call, no cost` */
export function describeResult(result: RunResult): string {
  const { spent, attempts } = result;
  return [
    `${result.status} in ${describeDuration(result.finished_at_ms - result.received_at_ms)}`,
    ...(spent.calls === 0
      ? ["no call, no cost"]
      : [
          counted(attempts, "attempt"),
          counted(spent.calls, "call"),
          `${grouped(spent.input_tokens)} + ${grouped(spent.output_tokens)} tokens`,
          describeCost(spent),
        ]),
    ...(result.stale === undefined ? [] : [`a stale answer of ${new Date(result.stale.finished_at_ms).toISOString()}`]),
    ...(result.answered_by === undefined ? [] : [`by ${result.answered_by.provider} ${result.answered_by.model}`]),
  ].join(", ");
}

function describeCost({ cost_usd: costUsd, calls, unpriced_calls: unpriced }: RunResult["spent"]): string {
  if (costUsd === null || unpriced >= calls) return "cost unknown";
  return unpriced === 0 ? `$${costUsd}` : `$${costUsd} and ${counted(unpriced, "call")} of unknown cost`;
}

function describeDuration(ms: number): string {
  return ms < 1000 ? `${Math.max(0, ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** `code: message (path rule)`; a rule that only says the code again is left out. */
export function describeReasons(result: RunResult): readonly string[] {
  return result.reasons.map(({ code, message, path, rule }) => {
    const where = [path, rule === code ? "" : rule].filter((part) => part !== undefined && part !== "").join(" ");
    return printableLines(`${code}: ${message}${where === "" ? "" : ` (${where})`}`);
  });
}
