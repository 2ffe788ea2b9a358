/**
 * Runs the tests: unit and contract tests two files at a time, then the tests
 * that start a broker one file at a time, each file in a process of its own; on
 * request those in a real browser, and those of the gateway beside real parts of others.
 * Prints what failed in a line each and a closing line `N passed, N failed` (a
 * skipped test counts as failed), and exits 1 when any failed or none ran.
 * Arguments: nothing for unit and broker tests; `unit`, `broker`, `browser` or `api` for
 * those alone; parts of paths.
 */
import { globSync } from "node:fs";
import path from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";

interface Totals {
  readonly passed: number;
  readonly failed: number;
}

const kinds = ["unit", "broker", "browser", "api"] as const;
type Kind = (typeof kinds)[number];

function kindOf(file: string): Kind {
  return kinds.find((kind) => file.startsWith(`test/${kind}/`)) ?? "unit";
}

function testFiles(wanted: readonly string[]): Readonly<Record<Kind, string[]>> {
  const all = globSync("{schemas,topics,services,infra,harnesses,test,bench,eval,docs}/**/*.test.ts").toSorted();
  const named = kinds.filter((kind) => wanted.includes(kind));
  const chosenKinds: readonly Kind[] = named.length === 0 ? ["unit", "broker"] : named;
  const parts = wanted.filter((word) => !kinds.some((kind) => kind === word));
  const chosen = parts.length === 0 ? all : all.filter((file) => parts.some((part) => file.includes(part)));
  const filesOf = (kind: Kind): string[] =>
    chosenKinds.includes(kind) ? chosen.filter((file) => kindOf(file) === kind) : [];
  return { unit: filesOf("unit"), broker: filesOf("broker"), browser: filesOf("browser"), api: filesOf("api") };
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

const { unit, broker, browser, api } = testFiles(process.argv.slice(2));
const totals = [await runFiles(unit, 2)];
for (const files of [broker, browser, api]) totals.push(await runFiles(files, 1));
const passed = totals.reduce((sum, of) => sum + of.passed, 0);
const failed = totals.reduce((sum, of) => sum + of.failed, 0);
for (const failure of failures) process.stdout.write(`failed: ${failure}\n`);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
