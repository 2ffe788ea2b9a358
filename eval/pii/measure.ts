/**
 * How well a finder finds: precision and recall of each kind, and the share of
 * hard negatives in which it would redact anything. A labelled value counts as
 * found when one found span of the same kind covers at least half of both.
 */
import type { PiiEntity } from "../../services/guards/pii/entity.ts";
import type { LabelledSpan, LabelledText } from "./labelled-text.ts";

export type PiiFinder = (text: string) => readonly LabelledSpan[];

export interface EntityFigures {
  readonly entity: PiiEntity;
  readonly labelled: number;
  readonly found: number;
  /** Found spans of this kind, right or wrong. */
  readonly reported: number;
  /** Labelled values no character of which would stand after redaction, whatever kind they were taken for. */
  readonly covered: number;
  readonly recall: number;
  readonly precision: number;
}

export interface PiiFigures {
  readonly entities: readonly EntityFigures[];
  readonly hardNegatives: { readonly texts: number; readonly redacted: number; readonly rate: number };
}

interface Count {
  labelled: number;
  found: number;
  reported: number;
  right: number;
  covered: number;
}

export function measurePii(find: PiiFinder, texts: readonly LabelledText[]): PiiFigures {
  const counts = new Map<PiiEntity, Count>();
  let negatives = 0;
  let redacted = 0;
  for (const { text, spans } of texts) {
    const found = find(text);
    if (spans.length === 0) {
      negatives++;
      if (found.length > 0) redacted++;
    }
    for (const span of spans) {
      const count = countOf(counts, span.entity);
      count.labelled++;
      if (found.some((other) => other.entity === span.entity && isSame(other, span))) count.found++;
      if (isCovered(span, found)) count.covered++;
    }
    for (const span of found) {
      const count = countOf(counts, span.entity);
      count.reported++;
      if (spans.some((other) => other.entity === span.entity && isSame(other, span))) count.right++;
    }
  }
  const entities = [...counts].map(([entity, count]) => ({
    entity,
    labelled: count.labelled,
    found: count.found,
    reported: count.reported,
    covered: count.covered,
    recall: share(count.found, count.labelled),
    precision: share(count.right, count.reported),
  }));
  return { entities, hardNegatives: { texts: negatives, redacted, rate: share(redacted, negatives, 0) } };
}

function countOf(counts: Map<PiiEntity, Count>, entity: PiiEntity): Count {
  const known = counts.get(entity);
  if (known !== undefined) return known;
  const fresh = { labelled: 0, found: 0, reported: 0, right: 0, covered: 0 };
  counts.set(entity, fresh);
  return fresh;
}

function share(part: number, whole: number, empty: number = 1): number {
  return whole === 0 ? empty : part / whole;
}

function isSame(left: LabelledSpan, right: LabelledSpan): boolean {
  const overlap = Math.min(left.end, right.end) - Math.max(left.start, right.start);
  return overlap * 2 >= left.end - left.start && overlap * 2 >= right.end - right.start;
}

function isCovered(span: LabelledSpan, found: readonly LabelledSpan[]): boolean {
  let reached = span.start;
  for (const { start, end } of found) if (start <= reached && end > reached) reached = end;
  return reached >= span.end;
}
