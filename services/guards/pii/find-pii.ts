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

const rules: Readonly<Record<PiiEntity, PiiRule>> = { card: findCards, ssn: findSsns, email: findEmails };

export type PiiMatch = PiiSpan;

/** In order, without overlap; offsets into `text.original`. Entities left out are not looked for. */
export function findPii(text: FoldedText, entities: readonly PiiEntity[]): readonly PiiMatch[] {
  const spans = entities.flatMap((entity) => rules[entity](text.folded));
  if (spans.length === 0) return [];
  return settleOverlaps(spans).map((span) => ({ ...span, ...originalSpan(text, span.start, span.end) }));
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
