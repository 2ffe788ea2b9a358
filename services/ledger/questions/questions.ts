/**
 * Every question that is answered from the roll-ups: what it is called on the
 * command line, over HTTP and in the console, what it can be split by and how
 * its rows are written. `GET /v1/analytics/<name>` and `breakwater costs <name>`
 * follow from this list.
 */
import type { z } from "zod";
import { callDimensions, runDimensions, type Dimension } from "../asking/dimension.ts";
import type { Asking } from "../asking/filter.ts";
import type { AnswerRow, Figure } from "../answers/figures.ts";
import type { Store } from "../clickhouse.ts";
import { cache, cacheFigures, cacheRow } from "./cache.ts";
import { guards, guardsFigures, guardsRow } from "./guards.ts";
import { latency, latencyFigures, latencyRow } from "./latency.ts";
import { movers, moversFigures, moversRow } from "./movers.ts";
import { outcomes, outcomesFigures, outcomesRow } from "./outcomes.ts";
import { perSuccess, perSuccessFigures, perSuccessRow } from "./per-success.ts";
import { reliability, reliabilityFigures, reliabilityRow } from "./reliability.ts";
import { savings, savingsFigures, savingsRow } from "./savings.ts";
import { spend, spendFigures, spendRow } from "./spend.ts";

export interface Question {
  readonly name: string;
  readonly summary: string;
  /** What it can be split by, and what it is split by when nobody says. */
  readonly dimensions: readonly Dimension[];
  readonly by: readonly Dimension[];
  /** Of calls: a provider or a model can be asked for, too. Of runs: these may have had several. */
  readonly isOf: "calls" | "runs";
  readonly row: z.ZodType<AnswerRow>;
  readonly figures: readonly Figure[];
  /** The figure that a chart draws. */
  readonly drawn: string;
  readonly read: (store: Pick<Store, "query">, asking: Asking) => Promise<readonly AnswerRow[]>;
}

const ofCalls = { dimensions: callDimensions, isOf: "calls" } as const;
const ofRuns = { dimensions: runDimensions, isOf: "runs" } as const;

export const questions: readonly Question[] = [
  {
    ...ofCalls,
    name: "spend",
    summary: "What was paid, by what",
    by: ["harness", "model"],
    row: spendRow,
    figures: spendFigures,
    drawn: "cost_usd",
    read: spend,
  },
  {
    ...ofCalls,
    name: "movers",
    summary: "What moved most against the period before, of the same length",
    by: ["feature"],
    row: moversRow,
    figures: moversFigures,
    drawn: "change_usd",
    read: movers,
  },
  {
    ...ofCalls,
    name: "reliability",
    summary: "What retries, repairs, fallbacks, hedges and orphans cost",
    by: [],
    row: reliabilityRow,
    figures: reliabilityFigures,
    drawn: "cost_usd",
    read: reliability,
  },
  {
    ...ofRuns,
    name: "per-success",
    summary: "What a run that succeeded costs, with all that failed beside it",
    by: ["harness"],
    row: perSuccessRow,
    figures: perSuccessFigures,
    drawn: "cost_per_success_usd",
    read: perSuccess,
  },
  {
    ...ofRuns,
    dimensions: [...runDimensions, "reason"],
    name: "savings",
    summary: "What truncation, refusals and caches saved, and what truncation did to validation",
    by: [],
    row: savingsRow,
    figures: savingsFigures,
    drawn: "saved_usd",
    read: savings,
  },
  {
    ...ofCalls,
    name: "cache",
    summary: "How much of the input came from the providers' caches, and what that saved",
    by: ["provider", "model"],
    row: cacheRow,
    figures: cacheFigures,
    drawn: "saved_usd",
    read: cache,
  },
  {
    ...ofCalls,
    name: "latency",
    summary: "How long calls take to their first token and to their end: percentiles",
    by: ["provider", "model"],
    row: latencyRow,
    figures: latencyFigures,
    drawn: "p95_ms",
    read: latency,
  },
  {
    ...ofRuns,
    name: "guards",
    summary: "How often each guard ran and found something",
    dimensions: [...runDimensions, "guard", "verdict", "rule"],
    by: ["guard"],
    row: guardsRow,
    figures: guardsFigures,
    drawn: "hits",
    read: guards,
  },
  {
    ...ofRuns,
    name: "outcomes",
    summary: "How runs ended",
    by: [],
    row: outcomesRow,
    figures: outcomesFigures,
    drawn: "runs",
    read: outcomes,
  },
];
