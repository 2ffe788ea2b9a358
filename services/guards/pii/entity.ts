/**
 * What every PII rule yields: spans in the folded text, with how sure it is.
 * Never the value itself.
 */
export type PiiEntity = "card" | "ssn" | "email";

/** `validated`: a checksum or a full syntax holds; `contextual`: a word nearby says what it is; `bare`: the shape alone. */
export type Confidence = "validated" | "contextual" | "bare";

export interface PiiSpan {
  readonly entity: PiiEntity;
  readonly confidence: Confidence;
  /** Offsets into the text the rule was given, UTF-16 units; end exclusive. */
  readonly start: number;
  readonly end: number;
}

/** One rule: linear in the length of the folded text. */
export type PiiRule = (folded: string) => readonly PiiSpan[];
