/**
 * Hate, harassment, threats and calls for self-harm, sentence by sentence: a
 * target with what is said about it. Words that are denied, reported or judged
 * in the same sentence are not held against whoever writes about them. Each
 * rule is told once a text, at its first place. Linear.
 */
import type { Span } from "../../text/fold.ts";
import { sentencesOf } from "../../planted/sentences.ts";
import { abuseRules, type AbuseRule } from "./abuse-rules.ts";
import { readClasses, type ClassedSentence } from "./read-classes.ts";

export interface Abuse {
  readonly rule: AbuseRule;
  readonly certain: boolean;
  /** In the folded text. */
  readonly span: Span;
}

/** So many sentences after a group was named, `they` may mean it. */
const remembered = 2;

export function findAbuse(folded: string): readonly Abuse[] {
  const found = new Map<AbuseRule, Abuse>();
  let named = -Infinity;
  sentencesOf(folded).forEach((place, at) => {
    const sentence = readClasses(folded, place);
    const { letters } = sentence;
    if (!telling.test(letters)) return;
    if (group.test(letters)) named = at;
    const meant = at - named <= remembered && letters.includes("P");
    const read = meant ? { ...sentence, letters: letters.replaceAll("P", "G") } : sentence;
    for (const rule of abuseRules) {
      const known = found.get(rule);
      if (known?.certain === true) continue;
      const abuse = match(rule, read, folded);
      if (abuse === null) continue;
      // What only holds when `they` are the group named before is not certain.
      const certain = abuse.certain && !(meant && match(rule, sentence, folded) === null);
      if (known === undefined || certain) found.set(rule, { ...abuse, certain });
    }
  });
  return [...found.values()];
}

/** No rule holds without one of these. */
const telling = /[SGPkKezxvcgIDdl]/;
const group = /[GS]/;

function match(rule: AbuseRule, { letters, places }: ClassedSentence, folded: string): Abuse | null {
  const hit = rule.pattern.exec(letters);
  if (hit === null) return null;
  const start = hit.index;
  const end = start + hit[0].length;
  if (judged.test(letters) || reported.test(letters.slice(0, start))) return null;
  if (denied.test(letters.slice(Math.max(0, start - reach), start))) return null;
  const span = { start: places[start]?.start ?? 0, end: places[end - 1]?.end ?? folded.length };
  return { rule, certain: rule.certain && !isQuoted(folded, span), span };
}

/** Negations so many words before say that it is not so. */
const reach = 3;
const judged = /Q/;
const reported = /R/;
const denied = /N/;

/** A quotation mark right before, or one word before. */
function isQuoted(folded: string, { start }: Span): boolean {
  return folded.slice(Math.max(0, start - 2), start).includes('"');
}
