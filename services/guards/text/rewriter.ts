/**
 * Builds another reading of a folded text: parts are replaced or put in, from
 * front to back, the rest is copied, and every unit keeps where it stands in the
 * original. A part that is as long as what it replaces maps letter by letter,
 * any other maps to the whole of what it replaces. Offsets never fall.
 */
import { originalSpan, type FoldedText, type Span } from "./fold.ts";

/** A folded text as it reads after something hidden in it was undone. */
export interface Reading extends FoldedText {
  /** What was undone, in that order: `base64`, `spaced`, `leet` ... */
  readonly how: readonly string[];
  /** Where in `folded` the first replaced part begins and the last one ends. */
  readonly touched: Span;
}

/** Fewer offsets than this are copied faster one by one. */
const worthACall = 64;

type Source = FoldedText & Partial<Pick<Reading, "how" | "touched">>;

export class Rewriter {
  private readonly source: Source;
  private places: Uint32Array;
  private text = "";
  private copied = 0;
  private first = -1;
  private last = 0;
  private readonly parts: Map<number, number>;

  constructor(source: Source) {
    this.source = source;
    this.places = new Uint32Array(source.folded.length + 64);
    this.parts = new Map(source.parts);
  }

  /** `text` in place of what stands from `start` to `end`; starts never fall below an earlier end. */
  replace(start: number, end: number, text: string): void {
    this.copyTo(start);
    this.copied = end;
    if (text.length === end - start) this.copyPlaces(start, end);
    else if (text !== "") this.place(text.length, originalSpan(this.source, start, end));
    this.add(text);
  }

  /** `text` before what stands at `at`; it came from `span` of the original. */
  put(at: number, text: string, span: Span): void {
    this.copyTo(at);
    this.place(text.length, span);
    this.add(text);
  }

  /** Null when nothing was replaced. What was undone in the source before stays said. */
  finish(how: readonly string[]): Reading | null {
    if (this.first < 0) return null;
    const { source, first, last, copied } = this;
    const { original, folded, altered, changes, touched = { start: first, end: 0 } } = source;
    this.copyTo(folded.length);
    const later = touched.end > copied ? touched.end + this.text.length - folded.length : 0;
    return {
      original,
      altered,
      changes,
      ...(this.parts.size > 0 ? { parts: this.parts } : {}),
      folded: this.text,
      offsets: this.places.slice(0, this.text.length),
      how: [...new Set([...(source.how ?? []), ...how])],
      touched: { start: Math.min(first, touched.start), end: Math.max(last, later) },
    };
  }

  private add(text: string): void {
    if (this.first < 0) this.first = this.text.length;
    this.text += text;
    this.last = this.text.length;
  }

  private copyTo(end: number): void {
    if (end <= this.copied) return;
    const start = this.copied;
    this.copyPlaces(start, end);
    this.text += this.source.folded.slice(start, end);
    this.copied = end;
  }

  private copyPlaces(start: number, end: number): void {
    const length = this.text.length;
    this.reserve(length + end - start);
    const { offsets } = this.source;
    if (offsets !== null && end - start > worthACall) this.places.set(offsets.subarray(start, end), length);
    else for (let at = start; at < end; at++) this.places[length + at - start] = offsets?.[at] ?? at;
  }

  private place(count: number, { start, end }: Span): void {
    const length = this.text.length;
    this.reserve(length + count);
    this.places.fill(start, length, length + count);
    this.parts.set(start, Math.max(end, this.parts.get(start) ?? 0));
  }

  private reserve(length: number): void {
    if (length <= this.places.length) return;
    const places = new Uint32Array(length * 2);
    places.set(this.places);
    this.places = places;
  }
}
