/**
 * What a batch has come to so far: counts, tokens and cost, in decimals.
 */
import { Decimal } from "decimal.js";
import type { ResultLine } from "./batch-files.ts";

export interface Tally {
  readonly ok: number;
  /** By an input guard, the input contract or the envelope: refused, invalid. */
  readonly refused: number;
  /** Every other end, a degraded answer included. */
  readonly failed: number;
  readonly notPublished: number;
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Sum of the known costs, US dollars. */
  readonly costUsd: string;
  /** Runs whose cost is not known. */
  readonly unpriced: number;
}

export const emptyTally: Tally = {
  ok: 0,
  refused: 0,
  failed: 0,
  notPublished: 0,
  calls: 0,
  inputTokens: 0,
  outputTokens: 0,
  costUsd: "0",
  unpriced: 0,
};

/** As JSON, for scripts. */
export function tallyDocument(tally: Tally): object {
  return {
    ok: tally.ok,
    refused: tally.refused,
    failed: tally.failed,
    not_published: tally.notPublished,
    calls: tally.calls,
    input_tokens: tally.inputTokens,
    output_tokens: tally.outputTokens,
    cost_usd: tally.costUsd,
    unpriced_runs: tally.unpriced,
  };
}

export function addToTally(tally: Tally, line: ResultLine): Tally {
  const outcome = outcomeOf(line.status);
  return {
    ...tally,
    [outcome]: tally[outcome] + 1,
    calls: tally.calls + line.calls,
    inputTokens: tally.inputTokens + line.input_tokens,
    outputTokens: tally.outputTokens + line.output_tokens,
    costUsd: line.cost_usd === null ? tally.costUsd : new Decimal(tally.costUsd).plus(line.cost_usd).toFixed(),
    unpriced: tally.unpriced + (line.cost_usd === null ? 1 : 0),
  };
}

export function tallyOf(lines: Iterable<ResultLine>): Tally {
  let tally = emptyTally;
  for (const line of lines) tally = addToTally(tally, line);
  return tally;
}

function outcomeOf(status: ResultLine["status"]): "ok" | "refused" | "failed" | "notPublished" {
  switch (status) {
    case "ok":
    case "released":
      return "ok";
    case "refused":
    case "invalid":
      return "refused";
    case "not_published":
      return "notPublished";
    case "failed_validation":
    case "degraded":
    case "expired":
    case "over_budget":
    case "cancelled":
    case "rejected":
      return "failed";
  }
}
