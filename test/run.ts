/**
 * Runs the tests: unit, contract and broker tests two files at a time, each in
 * a process of its own; on request those in a real browser, and those of the gateway
 * beside real parts of others, one at a time. Laws begin with the same seed in
 * every run, unless they are sought (`laws`): test/support/laws.ts.
 * Prints what failed in a line each and a closing line `N passed, N failed` (a
 * skipped test counts as failed), and exits 1 when any failed or none ran.
 * Arguments: nothing for unit and broker tests; `unit`, `broker`, `browser` or `api` for
 * those alone; `laws` for the files that hold some, from a fresh seed; parts of paths.
 */
import { randomInt } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
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

const holdsLaws = (file: string): boolean => readFileSync(file, "utf8").includes('from "fast-check"');

function testFiles(wanted: readonly string[]): Readonly<Record<Kind, string[]>> {
  const all = globSync("{schemas,topics,services,infra,harnesses,test,bench,eval,docs}/**/*.test.ts").toSorted();
  const named = kinds.filter((kind) => wanted.includes(kind));
  const chosenKinds: readonly Kind[] = named.length === 0 ? ["unit", "broker"] : named;
  const parts = wanted.filter((word) => word !== "laws" && !kinds.some((kind) => kind === word));
  const judged = wanted.includes("laws") ? all.filter(holdsLaws) : all;
  const chosen = parts.length === 0 ? judged : judged.filter((file) => parts.some((part) => file.includes(part)));
  const filesOf = (kind: Kind): string[] =>
    chosenKinds.includes(kind) ? chosen.filter((file) => kindOf(file) === kind) : [];
  return { unit: filesOf("unit"), broker: filesOf("broker"), browser: filesOf("browser"), api: filesOf("api") };
}

const seedOfLaws = path.join(import.meta.dirname, "support/laws.ts");
const failures: string[] = [];

/** Only files with laws load what sets their seed: it would cost each of the others its import. */
async function runFiles(files: readonly string[], concurrency: number): Promise<readonly Totals[]> {
  const { laws = [], rest = [] } = Object.groupBy(files, (file) => (holdsLaws(file) ? "laws" : "rest"));
  return [await runAlike(rest, concurrency, []), await runAlike(laws, concurrency, ["--import", seedOfLaws])];
}

async function runAlike(files: string[], concurrency: number, execArgv: string[]): Promise<Totals> {
  let totals: Totals = { passed: 0, failed: 0 };
  if (files.length === 0) return totals;
  const stream = run({ files, concurrency, execArgv, timeout: 900_000 });
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

const wanted = process.argv.slice(2);
// Processes of tests compile what others compiled before them: most of a start is that.
process.env["NODE_COMPILE_CACHE"] ??= path.resolve("node_modules/.cache/compiled");
if (wanted.includes("laws")) process.env["LAWS_SEED"] ??= String(randomInt(2 ** 31));

const { unit, broker, browser, api } = testFiles(wanted);
const totals: Totals[] = [];
for (const [files, concurrency] of [
  [unit, 2],
  [broker, 2],
  [browser, 1],
  [api, 1],
] as const)
  totals.push(...(await runFiles(files, concurrency)));
const passed = totals.reduce((sum, of) => sum + of.passed, 0);
const failed = totals.reduce((sum, of) => sum + of.failed, 0);
const sought = process.env["LAWS_SEED"];
if (sought !== undefined) process.stdout.write(`laws from LAWS_SEED=${sought}\n`);
for (const failure of failures) process.stdout.write(`failed: ${failure}\n`);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
