/** A text with the places of the personal data in it, as the generator knows them. */
import type { PiiEntity } from "../../services/guards/pii/entity.ts";

export interface LabelledSpan {
  readonly entity: PiiEntity;
  /** UTF-16 units; end exclusive. */
  readonly start: number;
  readonly end: number;
}

export interface LabelledText {
  readonly text: string;
  readonly spans: readonly LabelledSpan[];
  /** What was generated: the entity and how it is written, or the kind of hard negative. */
  readonly kind: string;
}

/** A value to be put into a sentence. */
export interface Value {
  readonly entity: PiiEntity;
  readonly kind: string;
  readonly written: string;
}
