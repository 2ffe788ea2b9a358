/**
 * `node eval/output/grounding/wice.ts <file> [--dev]`: the grounding guard on
 * WiCE, which is not part of this repository: its texts are CC BY-SA. The file
 * holds one JSON object a line: `context`, `answer`, `label` (1 when the
 * context does not support the answer, or only a part of it). Prints recall and
 * false positives of the guard, and what its scores would give at 5 %.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { z } from "zod";
import { halfOf } from "../../corpus/half.ts";
import { judged } from "../grounding.ts";
import { scoresOf } from "../scores.ts";
import { areaUnderCurve, recallAt, scoreAnswer } from "./score-answer.ts";

const row = z.object({ context: z.string(), answer: z.string(), label: z.literal([0, 1]) });

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { dev: { type: "boolean", default: false } },
});
const [file] = positionals;
if (file === undefined) throw new Error("usage: node eval/output/grounding/wice.ts <file> [--dev]");
const half = values.dev ? "dev" : "test";

const rows = readFileSync(file, "utf8")
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => row.parse(JSON.parse(line)))
  .filter(({ answer }) => halfOf(answer) === half)
  .map(({ context, ...rest }) => ({ kind: "wice", context: [context], ...rest }));
const scored = rows.map(({ answer, context, label }) => ({ wanted: label === 1, score: scoreAnswer(answer, context) }));
const figures = [
  ...scoresOf("output/grounding/wice", rows.map(judged)),
  { name: "output/grounding/wice/area-under-curve", value: areaUnderCurve(scored), size: rows.length },
  { name: "output/grounding/wice/recall-at-5-percent", value: recallAt(scored, 0.05), size: rows.length },
];
for (const { name, value, size } of figures) process.stdout.write(`${half} ${name} ${value.toFixed(3)} of ${size}\n`);
