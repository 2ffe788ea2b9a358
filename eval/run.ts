/**
 * `npm run eval -- input`: what the input guards catch, what they wrongly
 * accuse and what they cost, on the samples of eval/data: tables, or one JSON
 * document with --json. --dev measures the half that signatures and weights
 * were made on, for whoever works on them.
 * `npm run eval -- train` trains the linear model and writes its weights.
 */
import { setFlagsFromString } from "node:v8";
import { parseArgs } from "node:util";
import { measureAccuracy } from "./input/accuracy.ts";
import { openGuards } from "./input/open-guards.ts";
import { accuracyTables, asText, timeTable } from "./input/tables.ts";
import { measureTime } from "./input/time.ts";
import { trainWeights } from "./train/train-weights.ts";

// As input-scan does before it compiles a pattern.
setFlagsFromString("--enable-experimental-regexp-engine-on-excessive-backtracks");

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { dev: { type: "boolean", default: false }, json: { type: "boolean", default: false } },
});

const commands: Readonly<Record<string, () => void>> = {
  input: printInput,
  train: () => trainWeights((line) => process.stderr.write(line)),
};

const command = commands[positionals[0] ?? ""];
if (command === undefined) {
  process.stderr.write(`usage: npm run eval -- ${Object.keys(commands).join(" | ")} [--dev] [--json]\n`);
  process.exit(2);
}
command();

function printInput(): void {
  const half = values.dev ? "dev" : "test";
  const guards = openGuards();
  const figures = measureAccuracy(half, guards);
  const times = measureTime(guards.scanner);
  const { versions } = guards;
  if (values.json) process.stdout.write(`${JSON.stringify({ half, versions, figures, times }, null, 2)}\n`);
  else {
    const tables = [...accuracyTables(figures), timeTable(times)].map(asText);
    process.stdout.write(`${half} half; ${versions.join(", ")}\n\n${tables.join("\n")}`);
  }
}
