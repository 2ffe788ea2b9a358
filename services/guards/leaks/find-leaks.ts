/**
 * Finds in an answer what must not leave: passages of the harness's system
 * prompt, its canaries (words that stand nowhere but in the prompt), and
 * secrets and personal data of the prompt and the input. Read as it stands and
 * with everything decoded that is written in a code (base64, hex, escapes,
 * hidden characters). What a finding is worth is the policy's to say: to repeat
 * a value that the user gave may be just what was asked for.
 */
import type { Finding, Severity } from "../../../schemas/parts/finding.ts";
import { piiEntities } from "../pii/entity.ts";
import { decode } from "../text/decode/decoded.ts";
import { revealHidden } from "../text/decode/hidden.ts";
import { fold, type FoldedText, type Span } from "../text/fold.ts";
import { leakedValues, valuesIn } from "./input-values.ts";
import { inRot13, passagesOf } from "./prompt-passages.ts";
import { squeeze } from "./squeeze.ts";

export interface LeakSources {
  /** The system prompt as it was sent. */
  readonly system: string;
  /** What the author put into it to be known by. */
  readonly canaries: readonly string[];
  /** Texts of the user and of documents, as the model was given them. */
  readonly input: readonly string[];
}

const version = "1";

/** Spans are offsets into `text`. Of a rule, a place is told once, however it can be read. */
export function findLeaks(text: string, sources: LeakSources): readonly Finding[] {
  return leakFinder(sources)(text);
}

/** For several texts of one answer: the sources are read once. */
export function leakFinder({ system, canaries, input }: LeakSources): (text: string) => readonly Finding[] {
  const promptPassages = passagesOf(system, input);
  const values = valuesIn([system, ...input]);
  const tokens = canaries.map((canary) => waysToWrite(canary));
  return (text) => {
    const found = readingsOf(text).flatMap((reading) => {
      const letters = squeeze(reading, { leet: true });
      const { passages, share } = promptPassages(letters);
      return [
        ...canaryPlaces(letters, tokens).map((span) => leak("leak.canary", "critical", span)),
        ...passages.map(({ start, end }) => ({
          ...leak("leak.system_prompt", "high", letters.spanOf(start, end)),
          score: Math.round(share * 100) / 100,
        })),
        ...leakedValues(reading, values).map(({ entity, ...span }) => valueLeak(entity, span)),
      ];
    });
    return distinct(found);
  };
}

/** As it stands, with what is hidden shown, with what is written in a code read. */
function readingsOf(text: string): readonly FoldedText[] {
  const folded = fold(text);
  const hidden = folded.changes.includes("invisible") || folded.changes.includes("tags") ? revealHidden(folded) : null;
  const decoded = decode(hidden ?? folded);
  return [folded, hidden, decoded].filter((reading) => reading !== null);
}

/** A canary of so few letters and digits would be found by chance, and is left out. */
const leastCanaryChars = 6;

/** Forwards, backwards and in rot13. */
function waysToWrite(canary: string): readonly string[] {
  const letters = (word: string): string => squeeze(fold(word), { leet: true }).text;
  const plain = letters(canary);
  if (plain.length < leastCanaryChars) return [];
  return [...new Set([plain, plain.split("").toReversed().join(""), letters(inRot13(canary))])];
}

type Letters = ReturnType<typeof squeeze>;

function canaryPlaces(letters: Letters, tokens: readonly (readonly string[])[]): readonly Span[] {
  return tokens.flatMap((ways) => {
    const at = ways.map((way) => [letters.text.indexOf(way), way.length] as const).find(([start]) => start >= 0);
    return at === undefined ? [] : [letters.spanOf(at[0], at[0] + at[1])];
  });
}

function leak(rule: string, severity: Severity, { start, end }: Span): Finding {
  return { rule, version, severity, span: { start, end } };
}

function valueLeak(entity: string, span: Span): Finding {
  const severity = piiEntities.find((row) => row.entity === entity)?.severity ?? "high";
  if (entity === "secret") return leak("leak.secret", severity, span);
  return { ...leak(`leak.pii.${entity}`, severity, span), kind: entity };
}

function distinct(findings: readonly Finding[]): readonly Finding[] {
  const places = new Map<string, Finding>();
  for (const finding of findings) {
    const key = `${finding.rule} ${finding.span?.start} ${finding.span?.end}`;
    if (!places.has(key)) places.set(key, finding);
  }
  return [...places.values()];
}
