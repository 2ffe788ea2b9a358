/**
 * Settles overlaps between what the rules found: a validated match wins over a
 * contextual one, that over a bare shape, then the longer, then the earlier.
 * The winner takes the place of both, so that no part of a value is left standing.
 */
import type { Confidence, PiiSpan } from "./entity.ts";

const rank: Readonly<Record<Confidence, number>> = { validated: 0, contextual: 1, bare: 2 };

/** In order, without overlap. */
export function settleOverlaps(spans: readonly PiiSpan[]): readonly PiiSpan[] {
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
