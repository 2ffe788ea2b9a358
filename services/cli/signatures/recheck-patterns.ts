/**
 * Recheck's verdict on patterns: is there a text on which a backtracking engine
 * takes more than a thousand steps a character? Where its analysis by automata
 * does not decide, it searches for such a text, so it has a limit of time for
 * each pattern; when that is over the pattern stands on the rules of
 * services/guards/injection alone. Runs beside the command, in recheck's own
 * worker thread and in JavaScript: its Java and native builds are not used.
 */
import { check } from "recheck";
import { patternFlags, sourceOf } from "../../guards/injection/pattern-source.ts";
import { parsePattern } from "../../guards/injection/pattern-syntax.ts";

export type PatternVerdict =
  | { readonly kind: "safe" }
  /** With the growth that recheck saw, such as `polynomial, degree 3`. */
  | { readonly kind: "vulnerable"; readonly growth: string }
  | { readonly kind: "undecided"; readonly why: string };

/** A search a tenth as long as recheck's own (4 to 10 s a pattern), for a text of 30,000 characters. */
const search = {
  maxInitialGenerationSize: 40,
  maxGenerationSize: 20,
  maxIteration: 2,
  crossoverSize: 5,
  mutationSize: 10,
  maxAttackStringSize: 30_000,
  attackLimit: 30_000_000,
} as const;

export interface RecheckOptions {
  /** For one pattern, milliseconds. */
  readonly limitMs: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number) => void;
}

/** In the order of the patterns. */
export async function recheckPatterns(
  patterns: readonly string[],
  { limitMs, signal, onProgress }: RecheckOptions,
): Promise<readonly PatternVerdict[]> {
  process.env["RECHECK_BACKEND"] = "pure";
  const verdicts: PatternVerdict[] = [];
  for (const pattern of patterns) {
    signal?.throwIfAborted();
    verdicts.push(await recheckPattern(pattern, limitMs));
    onProgress?.(verdicts.length);
  }
  return verdicts;
}

async function recheckPattern(pattern: string, limitMs: number): Promise<PatternVerdict> {
  const source = sourceOf(parsePattern(pattern));
  const verdict = await check(source, patternFlags, { ...search, timeout: limitMs });
  switch (verdict.status) {
    case "safe":
      return { kind: "safe" };
    case "unknown":
      return { kind: "undecided", why: verdict.error.kind };
    case "vulnerable":
      return { kind: "vulnerable", growth: verdict.complexity.summary };
  }
}
