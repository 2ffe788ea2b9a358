/**
 * `node bench/guards/hostile.ts`: what texts made to be slow cost each guard, for
 * lengths up to 1 MB, one core, CPU time, the dearest text of all at each length.
 * Prints a table and draws docs/hostile.svg: a straight line is linear time.
 */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { parse } from "yaml";
import { signaturePack } from "../../schemas/control/signature-pack.ts";
import { presets } from "../../services/definitions/presets.ts";
import { checkGrounding } from "../../services/guards/grounding/check-grounding.ts";
import { findContent } from "../../services/guards/content/find-content.ts";
import { compilePack } from "../../services/guards/injection/compile-pack.ts";
import { buildScanner } from "../../services/guards/injection/scanner.ts";
import { findLeaks } from "../../services/guards/leaks/find-leaks.ts";
import { scoreInjection } from "../../services/guards/model/score.ts";
import { findPlanted } from "../../services/guards/planted/find-planted.ts";
import { findPersonalData, privacyRules } from "../../services/guards/privacy/find-personal-data.ts";
import { sanitise } from "../../services/guards/sanitise/sanitise.ts";
import { fold, type FoldedText } from "../../services/guards/text/fold.ts";
import { readings } from "../../services/guards/text/readings.ts";
import { renderTable } from "../../services/cli/table.ts";
import { drawLines, type Line } from "./line-plot.ts";
import { hostilePieces, lengthened } from "./signature-texts.ts";

setFlagsFromString("--enable-experimental-regexp-engine-on-excessive-backtracks");
setFlagsFromString("--regexp-backtracks-before-fallback=50000000");

const lengths = [1 / 16, 1 / 8, 1 / 4, 1 / 2, 1].map((megabytes) => megabytes * 1024 * 1024);
const pieces = [
  ...hostilePieces,
  "1",
  "4111 1111 ",
  "1.1.1.",
  "a@",
  "+1 ",
  "12.34, 56.78 ",
  "1gn0r3 ",
  "i g n ",
  "%69",
  "&#105;",
  "aWdub3Jl",
  "aаɑ",
  "Ingore ",
  "ignoreall",
  "[`]`",
  "a`",
  "[a]: b\n",
  "Ab Cd. ",
  "in 1999 in 2000. ",
  "rose fell. ",
  "we should kill all ",
  "they are nothing but a ",
  "you are such a fucking ",
  "severed ",
];

const packs = globSync("harnesses/signatures/*.yaml").map((file) => {
  const verdict = compilePack(signaturePack.parse(parse(readFileSync(file, "utf8"))));
  if (verdict.kind === "rejected") throw new Error(`${file} is refused`);
  return verdict.pack;
});
const scanner = buildScanner(packs);
const rules = privacyRules(presets.standard.knobs.pii);

/** Each takes a text that nothing has remembered anything of. */
const guards: readonly (readonly [name: string, run: (text: FoldedText) => unknown])[] = [
  ["fold and other readings", readings],
  ["signatures", (text) => scanner.scan(text)],
  ["model", scoreInjection],
  ["planted", findPlanted],
  ["content", ({ original }) => findContent(original)],
  ["sanitise for markdown", ({ original }) => sanitise(original, "markdown")],
  ["grounding, its own context", ({ original }) => checkGrounding(original, [original])],
  ["personal data", (text) => findPersonalData(text, rules)],
  [
    "leaks",
    ({ original }) => findLeaks(original, { system: original.slice(0, 4000), canaries: [], input: [original] }),
  ],
];

/** Milliseconds of CPU, the lesser of two; a scan that stops at its limit counts as long as it took. */
function costOf(run: (text: FoldedText) => unknown, text: string): number {
  const tries = [0, 1].map(() => {
    const before = process.threadCpuUsage();
    try {
      run(fold(text));
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "ScanLimitError") throw error;
    }
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.min(...tries);
}

interface Dearest {
  readonly ms: number;
  readonly piece: string;
}

function dearest(run: (text: FoldedText) => unknown, length: number): Dearest {
  const costs = pieces.map((piece) => ({ ms: costOf(run, lengthened(piece, length)), piece }));
  return costs.reduce((most, next) => (next.ms > most.ms ? next : most));
}

const measured = guards.map(([name, run]) => {
  dearest(run, 8192);
  return { name, points: lengths.map((length) => dearest(run, length)) };
});

const { text } = renderTable({
  columns: [
    { head: "guard, folding included" },
    ...lengths.map((length) => ({ head: `${length / 1024} kB`, align: "right" }) as const),
    { head: "dearest at 1 MB" },
  ],
  rows: measured.map(({ name, points }) => [
    name,
    ...points.map(({ ms }) => `${ms.toFixed(0)} ms`),
    JSON.stringify(points.at(-1)?.piece ?? ""),
  ]),
});
process.stdout.write(`${text}\n`);

const lines = measured.map(({ name, points }): Line => ({
  name,
  points: points.map(({ ms }, at) => ({ x: (lengths[at] ?? 0) / 1024, y: ms })),
}));
const title = "Hostile texts: CPU time of each guard, the dearest text at each length";
writeFileSync("docs/hostile.svg", drawLines({ title, x: "kB of text", y: "milliseconds", lines }));
