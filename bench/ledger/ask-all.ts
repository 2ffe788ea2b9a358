/**
 * Asks every question of the roll-ups over 30 days and over all of them, and
 * the drill-downs; takes the median of several tries of each, and compares each
 * answer with the one of the reference.
 */
import { isDeepStrictEqual } from "node:util";
import type { Asking } from "../../services/ledger/asking/filter.ts";
import type { Store } from "../../services/ledger/clickhouse.ts";
import { recentSpend } from "../../services/budgets/burn-down/recent-spend.ts";
import type { Dimension } from "../../services/ledger/asking/dimension.ts";
import { questions, type Question } from "../../services/ledger/questions/questions.ts";
import { spend } from "../../services/ledger/questions/spend.ts";
import { percentile } from "../load.ts";
import { drillDowns } from "./drill-downs.ts";
import type { Generated } from "./generated-rows.ts";

export interface Ask {
  readonly what: string;
  /** Milliseconds; what the issue asks for. */
  readonly bar: number;
  readonly answer: () => Promise<unknown>;
  readonly expected: () => Promise<unknown>;
}

export interface AskOptions {
  readonly given: Generated;
  readonly times: number;
  readonly say: (text: string) => void;
}

export interface Asked {
  /** Answers that are not the reference's. */
  readonly wrong: readonly string[];
  /** Those that took longer than they may. */
  readonly late: readonly string[];
}

export async function askAll(store: Store, reference: Store, { given, times, say }: AskOptions): Promise<Asked> {
  const wrong: string[] = [];
  const late: string[] = [];
  say("| question | rows | median ms | slowest ms | |\n|---|---|---|---|---|");
  for (const { what, bar, answer, expected } of [
    ...rolledUp(store, reference, given),
    ...(await drillDowns(store, given)),
  ]) {
    const took: number[] = [];
    let found: unknown = null;
    for (let run = 0; run < times; run += 1) {
      const began = performance.now();
      found = await answer();
      took.push(performance.now() - began);
    }
    const sorted = took.toSorted((left, right) => left - right);
    const median = percentile(sorted, 0.5);
    const isRight = isDeepStrictEqual(found, await expected());
    const verdict = `${isRight ? "equal" : "WRONG"}${median > bar ? ", LATE" : ""}`;
    const rows = Array.isArray(found) ? found.length : "";
    say(`| ${what} | ${rows} | ${median.toFixed(0)} | ${(sorted.at(-1) ?? 0).toFixed(0)} | ${verdict} |`);
    if (!isRight) wrong.push(what);
    if (median > bar) late.push(what);
  }
  return { wrong, late };
}

function rolledUp(store: Store, reference: Store, given: Generated): readonly Ask[] {
  const untilMs = (given.fromS + given.days * 86_400) * 1000;
  const sinces = { "30 days": untilMs - 30 * 86_400_000, all: given.fromS * 1000 };
  const spans = Object.entries(sinces).flatMap(([span, sinceMs]) =>
    questions.flatMap((question) =>
      splitsOf(question).map((split) => asked(question, split, { span, sinceMs, untilMs })),
    ),
  );
  const byHour = asked({ name: "spend", read: spend }, ["hour", "model"], {
    span: "2 days",
    sinceMs: untilMs - 2 * 86_400_000,
    untilMs,
  });
  const burnDown: OfStore = {
    what: "spend of burn-down, 7 days",
    ask: async (of) => (await recentSpend(of, untilMs))({}),
  };
  return [...spans, byHour, burnDown].map(({ what, ask }) => ({
    what,
    bar: 200,
    answer: () => ask(store),
    expected: () => ask(reference),
  }));
}

interface OfStore {
  readonly what: string;
  readonly ask: (of: Store) => Promise<unknown>;
}

interface Span {
  readonly span: string;
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** What one is split by when nobody says; spend by whatever the console draws, too. */
function splitsOf({ name, by }: Question): readonly (readonly Dimension[])[] {
  return name === "spend" ? [["client"], ["feature"], ["harness"], ["model"], ["day"], ["day", "feature"], by] : [by];
}

function asked({ name, read }: Pick<Question, "name" | "read">, by: readonly Dimension[], within: Span): OfStore {
  const { span, ...period } = within;
  const asking: Asking = { by, period, filter: {} };
  return { what: `${name}${by.length > 0 ? ` by ${by.join(", ")}` : ""}, ${span}`, ask: (of) => read(of, asking) };
}
