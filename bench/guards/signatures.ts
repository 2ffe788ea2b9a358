/**
 * `node bench/guards/signatures.ts`: what scanning for signatures costs, on one core.
 * First how it grows from 10 to 10,000 signatures on a prompt of 1 kB; then the
 * packs of harnesses/signatures on prompts of several lengths and on hostile
 * texts of up to 1 MB. All times but those of building are CPU time. Options: --json.
 */
import { globSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { parse } from "yaml";
import { signaturePack, type Signature } from "../../schemas/control/signature-pack.ts";
import { compilePack, type CompiledPack } from "../../services/guards/injection/compile-pack.ts";
import { compilePattern } from "../../services/guards/injection/compile-pattern.ts";
import { buildScanner, type InjectionScanner } from "../../services/guards/injection/scanner.ts";
import { fold } from "../../services/guards/text/fold.ts";
import { readings } from "../../services/guards/text/readings.ts";
import { renderTable } from "../../services/cli/table.ts";
import { ScanLimitError } from "../../services/guards/injection/search.ts";
import { hostilePieces, lengthened, prompts } from "./signature-texts.ts";

setFlagsFromString("--enable-experimental-regexp-engine-on-excessive-backtracks");
setFlagsFromString("--regexp-backtracks-before-fallback=50000000");

const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });

const own = globSync("harnesses/signatures/*.yaml")
  .toSorted()
  .flatMap((file) => signaturePack.parse(parse(readFileSync(file, "utf8"))).signatures);

interface Measured {
  readonly compiled: CompiledPack;
  readonly scanner: InjectionScanner;
  readonly compileMs: number;
  readonly buildMs: number;
}

function measureBuild(signatures: readonly Signature[]): Measured {
  const start = performance.now();
  const verdict = compilePack({ pack: "bench", version: "1", description: "", signatures: [...signatures] });
  if (verdict.kind === "rejected") throw new Error(verdict.reasons.map(({ message }) => message).join("\n"));
  const compiled = performance.now();
  const scanner = buildScanner([verdict.pack]);
  const built = performance.now();
  return { compiled: verdict.pack, scanner, compileMs: compiled - start, buildMs: built - compiled };
}

/**
 * `count` signatures: our own first, then the same in other words. Each round
 * turns the vowels and some consonants of every word another way, as a
 * translation would, but keeps every third signature's last words, as variants
 * of one attack do.
 */
function grow(count: number): readonly Signature[] {
  const base = own.map((signature, at): Signature => ({ ...signature, id: `s0-${at}` }));
  const grown: Signature[] = base.slice(0, count);
  for (let round = 1; grown.length < count; round++) {
    for (const [at, signature] of base.entries()) {
      if (grown.length >= count) break;
      const keep = at % 3 === 0 ? signature.pattern.lastIndexOf("(?:") : signature.pattern.length;
      const turn = (text: string) => inOtherWords(text, round);
      const pattern = turn(signature.pattern.slice(0, keep)) + signature.pattern.slice(keep);
      if ("defect" in compilePattern(pattern)) continue;
      grown.push({ ...signature, id: `s${round}-${at}`, pattern, examples: { match: [], noMatch: [] } });
    }
  }
  return grown;
}

/** Letters of words change, the pattern's own signs (after a backslash, in braces) do not. */
function inOtherWords(pattern: string, round: number): string {
  const letters = "aeioubdgklmnprst";
  return pattern.replaceAll(/\\.|\[[^\]]*\]|[a-z]{3,}/g, (word) => {
    if (!/^[a-z]/.test(word)) return word;
    return word.replaceAll(/[aeioubdgklmnprst]/g, (letter) => {
      const at = letters.indexOf(letter);
      const [from, size] = at < 5 ? [0, 5] : [5, 11];
      return letters[from + ((at - from + round + word.length) % size)] ?? letter;
    });
  });
}

/**
 * Microseconds of CPU time that one call takes, so that other work on the
 * machine matters little: the least of three samples of 60 ms, since the
 * system counts in steps of 4 ms.
 */
function microsOf(work: () => unknown): number {
  work();
  const warm = performance.now();
  work();
  const times = Math.max(1, Math.ceil(60 / Math.max(0.002, performance.now() - warm)));
  const sample = () => {
    let done = 0;
    const before = process.threadCpuUsage();
    for (;;) {
      for (let at = 0; at < Math.min(times, 2000); at++, done++) work();
      const { user, system } = process.threadCpuUsage(before);
      if (user + system > 60_000) return (user + system) / done;
    }
  };
  sample();
  return Math.min(sample(), sample(), sample());
}

interface Growth {
  readonly signatures: number;
  readonly compileMs: number;
  readonly buildMs: number;
  readonly automatonMiB: number;
  /** Microseconds on a prompt of 1 kB: folding, other readings and all. */
  readonly scan1kB: number;
  readonly scan10kB: number;
}

function measureGrowth(): readonly Growth[] {
  const short = [...prompts.values()].map((text) => lengthened(text, 1024));
  const long = [...prompts.values()].map((text) => lengthened(text, 10_240));
  return [10, 100, own.length, 1000, 10_000].map((count) => {
    const { scanner, compileMs, buildMs } = measureBuild(grow(count));
    const all = (texts: readonly string[]) =>
      microsOf(() => texts.forEach((text) => scanner.scan(fold(text)))) / texts.length;
    return {
      signatures: count,
      compileMs,
      buildMs,
      automatonMiB: scanner.bytes / 1024 ** 2,
      scan1kB: all(short),
      scan10kB: all(long),
    };
  });
}

interface Cost {
  readonly text: string;
  readonly length: number;
  readonly foldMicros: number;
  readonly readingsMicros: number;
  readonly scanMicros: number;
  readonly outcome: string;
}

function costOf(scanner: InjectionScanner, name: string, text: string): Cost {
  const folded = fold(text);
  let outcome = "";
  const scan = () => {
    try {
      outcome = `${scanner.scan(folded).length} found`;
    } catch (error) {
      if (!(error instanceof ScanLimitError)) throw error;
      outcome = "not run";
    }
  };
  return {
    text: name,
    length: text.length,
    foldMicros: microsOf(() => fold(text)),
    readingsMicros: microsOf(() => readings(folded)),
    scanMicros: microsOf(scan),
    outcome,
  };
}

function measureTexts(scanner: InjectionScanner): readonly Cost[] {
  return [...prompts].flatMap(([name, text]) =>
    [100, 1024, 10_240, 102_400].map((length) => costOf(scanner, name, lengthened(text, length))),
  );
}

/** Half a megabyte and a whole one: twice the text should take twice as long. */
function measureHostile(scanner: InjectionScanner): readonly (Cost & { readonly timesHalf: number })[] {
  return hostilePieces.map((piece) => {
    const half = costOf(scanner, piece, lengthened(piece, 500_000));
    const whole = costOf(scanner, JSON.stringify(piece.slice(0, 30)), lengthened(piece, 1_000_000));
    return { ...whole, timesHalf: whole.scanMicros / half.scanMicros };
  });
}

const growth = measureGrowth();
const { scanner } = measureBuild(own.map((signature, at) => ({ ...signature, id: `s${at}` })));
const texts = measureTexts(scanner);
const hostile = measureHostile(scanner);

if (values.json) process.stdout.write(`${JSON.stringify({ growth, texts, hostile }, null, 2)}\n`);
else {
  const base = growth[0]?.scan1kB ?? 1;
  say("Growth with the number of signatures (fold, readings and scan)", {
    heads: ["signatures", "compile ms", "build ms", "automaton MiB", "1 kB us", "times 10", "10 kB us"],
    rows: growth.map((row) => [
      String(row.signatures),
      ...[row.compileMs, row.buildMs].map((ms) => ms.toFixed(0)),
      row.automatonMiB.toFixed(1),
      row.scan1kB.toFixed(0),
      (row.scan1kB / base).toFixed(2),
      row.scan10kB.toFixed(0),
    ]),
  });
  say(`Prompts under the packs of harnesses/signatures (${own.length} signatures); scan includes readings`, {
    heads: ["prompt", "length", "fold us", "readings us", "scan us", "outcome"],
    rows: texts.map(describeCost),
  });
  say("Hostile texts", {
    heads: ["piece", "length", "fold us", "readings us", "scan us", "outcome", "times half"],
    rows: hostile.map((row) => [...describeCost(row), row.timesHalf.toFixed(2)]),
  });
}

function describeCost({ text, length, foldMicros, readingsMicros, scanMicros, outcome }: Cost): readonly string[] {
  return [
    text,
    String(length),
    ...[foldMicros, readingsMicros, scanMicros].map((micros) => micros.toFixed(0)),
    outcome,
  ];
}

function say(title: string, { heads, rows }: { heads: readonly string[]; rows: readonly (readonly string[])[] }): void {
  const columns = heads.map((head, at) => ({ head, align: at === 0 ? ("left" as const) : ("right" as const) }));
  process.stdout.write(`${title}\n${renderTable({ columns, rows }).text}\n\n`);
}
