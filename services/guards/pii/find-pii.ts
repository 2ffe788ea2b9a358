/**
 * Runs the PII rules over a folded text and settles overlaps. Spans are in the
 * original text; the values stay there.
 */
import { originalSpan, type FoldedText } from "../text/fold.ts";
import type { PiiEntity, PiiSpan } from "./entity.ts";
import { readPiiText, type PiiText } from "./pii-text.ts";
import { rules } from "./rules.ts";
import { settleOverlaps } from "./settle-overlaps.ts";

/** Version of the rules in this folder; findings carry it. */
export const piiRulesVersion = "2";

export type PiiMatch = PiiSpan;

/** What is redacted can free its neighbour: `4111…/ann@…` is a card only once the address is gone. */
const maxPasses = 4;

/** In order, without overlap; offsets into `text.original`. Entities left out are not looked for. */
export function findPii(text: FoldedText, entities: readonly PiiEntity[]): readonly PiiMatch[] {
  const wanted = new Set(entities);
  let spans: readonly PiiSpan[] = [];
  let folded = text.folded;
  for (let pass = 0; pass < maxPasses; pass++) {
    const found = findIn(readPiiText(text, folded), wanted);
    if (found.length === 0) break;
    spans = settleOverlaps([...spans, ...found]);
    folded = masked(folded, found);
  }
  return spans.map((span) => ({ ...span, ...originalSpan(text, span.start, span.end) }));
}

function findIn(text: PiiText, wanted: ReadonlySet<PiiEntity>): readonly PiiSpan[] {
  const found: PiiSpan[] = [];
  for (const { finds, rule, needsDigits } of rules) {
    if ((needsDigits && text.starts.length === 0) || !finds.some((entity) => wanted.has(entity))) continue;
    for (const span of rule(text)) if (wanted.has(span.entity)) found.push(span);
  }
  return found;
}

/** The text as the rules will see it after redaction, at the same offsets. */
function masked(folded: string, spans: readonly PiiSpan[]): string {
  let text = "";
  for (const { start, end } of spans.toSorted((left, right) => left.start - right.start)) {
    if (end <= text.length) continue;
    text += folded.slice(text.length, start);
    text += "]".repeat(end - text.length);
  }
  return text + folded.slice(text.length);
}
