/**
 * Puts recheck's verdict on top of the rules that every process applies: a
 * pattern for which it finds a costly text refuses its pack, with the line.
 * Patterns that are in force already are not judged again.
 */
import type { Screen } from "../screen.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import type { PackFile } from "./pack-files.ts";
import { recheckPatterns, type PatternVerdict } from "./recheck-patterns.ts";

export interface JudgeOptions {
  /** For one pattern, milliseconds; 0 leaves recheck out. */
  readonly limitMs: number;
  readonly inForce: ReadonlySet<string>;
  readonly screen: Screen;
}

export interface Judged {
  readonly safe: number;
  /** Recheck came to no end in time; they stand on our own rules. */
  readonly undecided: number;
  /** In force already, or recheck was left out. */
  readonly skipped: number;
}

/** Errors: CommandError that names file, line and signature of each pattern that recheck condemns. */
export async function judgePacks(
  files: readonly PackFile[],
  { limitMs, inForce, screen }: JudgeOptions,
): Promise<Judged> {
  const places = files.flatMap((file) =>
    file.pack.signatures.map(({ id, pattern }, index) => ({
      file,
      id,
      pattern,
      pointer: `/signatures/${index}/pattern`,
    })),
  );
  const all = [...new Set(places.map(({ pattern }) => pattern))];
  const patterns = limitMs === 0 ? [] : all.filter((pattern) => !inForce.has(pattern));
  const verdicts = await recheckPatterns(patterns, {
    limitMs,
    onProgress: (done) => {
      if (screen.live) screen.redraw(`recheck: ${done} of ${patterns.length} patterns`);
    },
  });
  if (screen.live && patterns.length > 0) screen.redraw("");
  const byPattern = new Map(patterns.map((pattern, at) => [pattern, verdicts[at]]));
  const wrong = places.flatMap(({ file, id, pattern, pointer }) => {
    const verdict = byPattern.get(pattern);
    if (verdict?.kind !== "vulnerable") return [];
    const why = `recheck found a text on which it takes ${verdict.growth} time (pattern_recheck)`;
    return [`${file.file}:${file.lineOf(pointer)}: ${pointer}: ${id}: ${why}`];
  });
  if (wrong.length > 0) throw new CommandError(exitCodes.usage, wrong.join("\n"));
  return {
    safe: count(verdicts, "safe"),
    undecided: count(verdicts, "undecided"),
    skipped: all.length - patterns.length,
  };
}

function count(verdicts: readonly PatternVerdict[], kind: PatternVerdict["kind"]): number {
  return verdicts.filter((verdict) => verdict.kind === kind).length;
}

/** For people: `recheck: 40 patterns safe, 3 undecided in 1000 ms (our own rules hold them), 12 in force already`. */
export function describeJudged({ safe, undecided, skipped }: Judged, limitMs: number): string {
  if (limitMs === 0) return "recheck: left out";
  return [
    `recheck: ${safe} safe`,
    ...(undecided === 0 ? [] : [`${undecided} without a verdict after ${limitMs} ms, bounded by our own rules`]),
    ...(skipped === 0 ? [] : [`${skipped} in force already`]),
  ].join(", ");
}
