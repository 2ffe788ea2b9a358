/**
 * Runs every PII rule over a folded text and settles overlaps: a validated
 * match wins over a contextual one, that over a bare shape, then the longer,
 * then the earlier; the winner takes the place of both, so that no part of a
 * value is left standing. Spans are in the original text. The values stay there.
 */
import { originalSpan, type FoldedText } from "../text/fold.ts";
import { findCards } from "./card.ts";
import { findEmails } from "./email.ts";
import type { Confidence, PiiEntity, PiiRule, PiiSpan } from "./entity.ts";
import { findSsns } from "./ssn.ts";

/** Version of the rules in this folder; findings carry it. */
export const piiRulesVersion = "1";

const rules: Readonly<Partial<Record<PiiEntity, PiiRule>>> = { card: findCards, ssn: findSsns, email: findEmails };

export type PiiMatch = PiiSpan;

/** What is redacted can free its neighbour: `4111…/ann@…` is a card only once the address is gone. */
const maxPasses = 4;

/** In order, without overlap; offsets into `text.original`. Entities left out are not looked for. */
export function findPii(text: FoldedText, entities: readonly PiiEntity[]): readonly PiiMatch[] {
  let spans: readonly PiiSpan[] = [];
  let folded = text.folded;
  for (let pass = 0; pass < maxPasses; pass++) {
    const found = entities.flatMap((entity) => rules[entity]?.(folded) ?? []);
    if (found.length === 0) break;
    spans = settleOverlaps([...spans, ...found]);
    folded = masked(folded, found);
  }
  return spans.map((span) => ({ ...span, ...originalSpan(text, span.start, span.end) }));
}

/** The text as the rules will see it after redaction, at the same offsets. */
function masked(folded: string, spans: readonly PiiSpan[]): string {
  let text = "";
  for (const { start, end } of spans.toSorted((left, right) => left.start - right.start)) {
    if (end <= text.length) continue;
    text += folded.slice(text.length, start);
    text += "[".repeat(end - text.length);
  }
  return text + folded.slice(text.length);
}

const rank: Readonly<Record<Confidence, number>> = { validated: 0, contextual: 1, bare: 2 };

function settleOverlaps(spans: readonly PiiSpan[]): readonly PiiSpan[] {
  const kept: PiiSpan[] = [];
  for (const span of spans.toSorted((left, right) => left.start - right.start)) {
    const before = kept.at(-1);
    if (before === undefined || span.start >= before.end) kept.push(span);
    else
      kept[kept.length - 1] = {
        ...(beats(span, before) ? span : before),
        start: before.start,
        end: Math.max(span.end, before.end),
      };
  }
  return kept;
}

function beats(challenger: PiiSpan, holder: PiiSpan): boolean {
  const difference = rank[challenger.confidence] - rank[holder.confidence];
  if (difference !== 0) return difference < 0;
  return challenger.end - challenger.start > holder.end - holder.start;
}
