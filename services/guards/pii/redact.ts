/**
 * Replaces what was found by typed placeholders, `[CARD]` and the like. A
 * redacted text redacted again stays as it is: a placeholder matches no rule
 * and lends its neighbours no context.
 */
import type { Span } from "../text/fold.ts";
import { piiEntities, type PiiEntity } from "./entity.ts";

const placeholders: ReadonlyMap<PiiEntity, string> = new Map(
  piiEntities.map(({ entity, placeholder }) => [entity, placeholder]),
);

/** What stands for a value of this kind in a redacted text. */
export function placeholderOf(entity: PiiEntity): string {
  return placeholders.get(entity) ?? "[PII]";
}

export interface Redaction extends Span {
  readonly entity: PiiEntity;
}

/** Spans are offsets into `text`, in order and without overlap, as findPii gives them. */
export function redact(text: string, redactions: readonly Redaction[]): string {
  let redacted = "";
  let kept = 0;
  for (const { entity, start, end } of redactions) {
    redacted += text.slice(kept, start) + placeholderOf(entity);
    kept = end;
  }
  return redacted + text.slice(kept);
}
