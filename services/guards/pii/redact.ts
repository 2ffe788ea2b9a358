/**
 * Replaces what was found by typed placeholders, `[CARD]` and the like. A
 * redacted text redacted again stays as it is: a placeholder matches no rule.
 */
import type { Span } from "../text/fold.ts";
import type { PiiEntity } from "./entity.ts";

const placeholders: Readonly<Record<PiiEntity, string>> = { card: "[CARD]", ssn: "[SSN]", email: "[EMAIL]" };

export interface Redaction extends Span {
  readonly entity: PiiEntity;
}

/** Spans are offsets into `text`, in order and without overlap, as findPii gives them. */
export function redact(text: string, redactions: readonly Redaction[]): string {
  let redacted = "";
  let kept = 0;
  for (const { entity, start, end } of redactions) {
    redacted += text.slice(kept, start) + placeholders[entity];
    kept = end;
  }
  return redacted + text.slice(kept);
}
