/**
 * Answers with the context that they were to rely on, labelled 1 when something
 * in them is not in it: HaluEval's questions and answers, and our own pairs.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { halfOf, type Half } from "../../corpus/half.ts";
import { readRows } from "../../corpus/read-rows.ts";

export interface GroundingRow {
  readonly kind: string;
  readonly answer: string;
  readonly context: readonly string[];
  readonly label: 0 | 1;
}

const label = z.literal([0, 1]);
const haluEvalRow = z.object({ context: z.string(), question: z.string(), answer: z.string(), label });
const ownRow = z.object({ kind: z.string(), language: z.string(), context: z.string(), answer: z.string(), label });

/** The question is part of the context: it was asked in the same run. */
export function readHaluEval(half: Half): readonly GroundingRow[] {
  return readRows("output/halueval-qa", haluEvalRow)
    .filter(({ answer }) => halfOf(answer) === half)
    .map(({ context, question, answer, label }) => ({ kind: "halueval", answer, context: [context, question], label }));
}

/** Written with the rules, so they show what the guard is for and not how good it is: they have no halves. */
export function readCases(): readonly GroundingRow[] {
  const text = readFileSync(new URL("../../data/output/grounding-cases.jsonl", import.meta.url), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => ownRow.parse(JSON.parse(line)))
    .map(({ kind, answer, context, label }) => ({ kind, answer, context: [context], label }));
}
