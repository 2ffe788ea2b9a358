/**
 * `npm run eval -- input` or `-- output`: what the guards before and behind the
 * model catch, what they wrongly accuse and what they cost, on the samples of
 * eval/data: tables, or one JSON document with --json. --dev measures the half
 * that rules and weights were made on, for whoever works on them. Further:
 * `held-out`, the model on sets it was not trained on; `train`, which writes
 * its weights; `baseline`, which writes down the accuracy that must not be
 * lost; `content-cv` and `content-train`, the same for the content filter; `docs`, which measures all and writes the tables of docs/ and the
 * baseline; `docs-output`, the output guards' tables alone.
 */
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { writeBaseline } from "./baseline.ts";
import { measureAccuracy } from "./input/accuracy.ts";
import type { Figure } from "./input/figure.ts";
import { openGuards } from "./input/open-guards.ts";
import { accuracyTables, asMarkdown, asText, heldOutTable, timeTable } from "./input/tables.ts";
import { measureTime } from "./input/time.ts";
import { measureOutput } from "./output/guards.ts";
import { outputTables } from "./output/tables.ts";
import { measureOutputTime } from "./output/time.ts";
import { crossValidation } from "./train/content/cross-validated-verdicts.ts";
import { trainContent } from "./train/content/train-content.ts";
import { measureHeldOut } from "./train/measure-held-out.ts";
import { trainWeights } from "./train/train-weights.ts";
import { writeTables } from "./write-docs.ts";

// As input-scan does before it compiles a pattern.
setFlagsFromString("--enable-experimental-regexp-engine-on-excessive-backtracks");
setFlagsFromString("--regexp-backtracks-before-fallback=50000000");

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { dev: { type: "boolean", default: false }, json: { type: "boolean", default: false } },
});
const half = values.dev ? "dev" : "test";
const tell = (line: string): boolean => process.stderr.write(line);

const guardPage = "guardrails.md";

const commands: Readonly<Record<string, () => void>> = {
  input: printInput,
  output: printOutput,
  "held-out": printHeldOut,
  train: () => trainWeights(tell),
  "content-cv": () => process.stdout.write(crossValidation()),
  "content-train": () => trainContent(tell),
  baseline: () => writeBaseline([...measureAccuracy("test", openGuards()), ...measureOutput("test")]),
  docs: writeDocs,
  "docs-output": () => writeTables([guardPage], outputMarkdown(measureOutput("test")), "output-"),
};

const command = commands[positionals[0] ?? ""];
if (command === undefined) {
  process.stderr.write(`usage: npm run eval -- ${Object.keys(commands).join(" | ")} [--dev] [--json]\n`);
  process.exit(2);
}
command();

function printInput(): void {
  const guards = openGuards();
  const figures = measureAccuracy(half, guards);
  const times = measureTime(guards.scanner);
  const { versions } = guards;
  if (values.json) return printJson({ half, versions, figures, times });
  const tables = [...Object.values(accuracyTables(figures)), timeTable(times)].map(asText);
  process.stdout.write(`${half} half; ${versions.join(", ")}\n\n${tables.join("\n")}`);
}

function printOutput(): void {
  const figures = measureOutput(half);
  const times = measureOutputTime();
  if (values.json) return printJson({ half, figures, times });
  const tables = [...Object.values(outputTables(figures)), timeTable(times)].map(asText);
  process.stdout.write(`${half} half\n\n${tables.join("\n")}`);
}

function printHeldOut(): void {
  const figures = measureHeldOut(openGuards(), tell);
  if (values.json) printJson({ half: "test", figures });
  else process.stdout.write(asText(heldOutTable(figures)));
}

function printJson(document: unknown): void {
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}

function writeDocs(): void {
  const guards = openGuards();
  const figures = measureAccuracy("test", guards);
  const outputFigures = measureOutput("test");
  const { injection, planted, evasion, pii } = accuracyTables(figures);
  const time = asMarkdown(timeTable(measureTime(guards.scanner)));
  const heldOut = asMarkdown(heldOutTable(measureHeldOut(guards, tell)));
  const versions = `Measured with ${guards.versions.join(", ")}; Node ${process.versions.node}.\n`;
  writeTables([guardPage, "model-card.md"], {
    injection: asMarkdown(injection),
    planted: asMarkdown(planted),
    evasion: asMarkdown(evasion),
    pii: asMarkdown(pii),
    "held-out": heldOut,
    time,
    versions,
    ...outputMarkdown(outputFigures),
  });
  writeBaseline([...figures, ...outputFigures]);
}

/** By the names of their places in docs/. */
function outputMarkdown(figures: readonly Figure[]): Readonly<Record<string, string>> {
  const tables = { ...outputTables(figures), "output-time": timeTable(measureOutputTime()) };
  return Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, asMarkdown(table)]));
}
