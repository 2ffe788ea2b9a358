/**
 * The fault matrix: `npm run test:faults -- [--seeds N] [--first-seed S]
 * [--point words] [--runs N] [--brokers 3] [--json]`. Runs every point, or those whose id
 * contains one of the words (comma separated), with each seed; prints a line a
 * point and the total. Exits 1 when a law was broken or a point never came.
 */
import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";
import { points } from "./points.ts";
import { heading, lineOf, sentenceOf, tableRow, totalOf } from "./report.ts";
import { runMatrix } from "./run-matrix.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "1" },
    "first-seed": { type: "string", default: String(Date.now() % 100_000) },
    point: { type: "string" },
    runs: { type: "string", default: "40" },
    brokers: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
  },
});

function number(name: string, text: string): number {
  const given = Number(text);
  if (Number.isInteger(given) && given > 0) return given;
  process.stderr.write(`--${name} must be a whole number above 0, not ${text}\n`);
  return process.exit(2);
}

const words = values.point?.toLowerCase().split(",");
const chosen = points.filter(({ id }) => words === undefined || words.some((word) => id.toLowerCase().includes(word)));
if (chosen.length === 0) {
  process.stderr.write(`no point is called ${values.point}; there are ${points.map(({ id }) => id).join(", ")}\n`);
  process.exit(2);
}
const firstSeed = number("first-seed", values["first-seed"]);
const seeds = Array.from({ length: number("seeds", values.seeds) }, (_, index) => firstSeed + index);
const say = (line: string): void => {
  if (!values.json) process.stdout.write(`${line}\n`);
};

say(heading);
const report = await runMatrix({
  points: chosen,
  seeds,
  runs: number("runs", values.runs),
  brokers: number("brokers", values.brokers) === 3 ? 3 : 1,
  onJudged: (judged) => say(lineOf(judged)),
});
const total = totalOf(report);
if (values.json) process.stdout.write(`${JSON.stringify({ total, judged: report.judged })}\n`);
else {
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  say(`\n${sentenceOf(total)}\n\n${tableRow(total, { date: new Date().toISOString().slice(0, 10), commit })}`);
}
process.exitCode = total.violations === 0 ? 0 : 1;
