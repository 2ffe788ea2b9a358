/**
 * Runs the tests: unit and contract tests two files at a time, then the tests
 * that start a broker one file at a time, each file in a process of its own.
 * Prints what failed in a line each and a closing line `N passed, N failed` (a
 * skipped test counts as failed), and exits 1 when any failed or none ran.
 * Arguments: nothing for all; `unit` or `broker` for that half; parts of paths.
 */
import { globSync } from "node:fs";
import path from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";

interface Totals {
  readonly passed: number;
  readonly failed: number;
}

const brokerFolder = "test/broker/";

function testFiles(wanted: readonly string[]): { readonly unit: string[]; readonly broker: string[] } {
  const all = globSync("{schemas,topics,services,infra,harnesses,test,bench,eval,docs}/**/*.test.ts").toSorted();
  const parts = wanted.filter((word) => word !== "unit" && word !== "broker");
  const chosen = parts.length === 0 ? all : all.filter((file) => parts.some((part) => file.includes(part)));
  const isBroker = (file: string): boolean => file.startsWith(brokerFolder);
  return {
    unit: wanted.includes("broker") ? [] : chosen.filter((file) => !isBroker(file)),
    broker: wanted.includes("unit") ? [] : chosen.filter(isBroker),
  };
}

const failures: string[] = [];

async function runFiles(files: string[], concurrency: number): Promise<Totals> {
  let totals: Totals = { passed: 0, failed: 0 };
  if (files.length === 0) return totals;
  const stream = run({ files, concurrency, timeout: 900_000 });
  stream.on("test:summary", ({ file, counts }) => {
    if (file === undefined) totals = { passed: counts.passed, failed: counts.tests - counts.passed };
  });
  stream.on("test:fail", ({ name, file, details }) => {
    const { cause } = details.error;
    const why = cause instanceof Error ? cause.message : String(cause);
    failures.push(`${path.relative(process.cwd(), file ?? "")}: ${name}: ${why.replaceAll(/\s+/g, " ").slice(0, 300)}`);
  });
  for await (const chunk of stream.compose(spec)) process.stdout.write(String(chunk));
  return totals;
}

const { unit, broker } = testFiles(process.argv.slice(2));
const ofUnit = await runFiles(unit, 2);
const ofBroker = await runFiles(broker, 1);
const passed = ofUnit.passed + ofBroker.passed;
const failed = ofUnit.failed + ofBroker.failed;
for (const failure of failures) process.stdout.write(`failed: ${failure}\n`);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
