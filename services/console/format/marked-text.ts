/**
 * A text in pieces, with the passages that something was found in, each made
 * safe to show: what cannot be seen is taken out and counted. Pure.
 */
import { plain } from "../../guards/sanitise/plain/plain.ts";

/** A passage, in UTF-16 units of the text. */
export interface Mark {
  readonly start: number;
  readonly end: number;
  /** What was found in it. */
  readonly label: string;
}

export interface MarkedText {
  readonly pieces: readonly { readonly text: string; readonly label: string | null }[];
  /** Characters that nobody sees, but programs read: overrides of direction, control characters, tags. */
  readonly hidden: number;
}

/** Of passages that overlap, the one that begins first is marked, with all their labels; what lies outside the text is left out. */
export function markedText(text: string, marks: readonly Mark[]): MarkedText {
  const cuts: { text: string; label: string | null }[] = [];
  let copied = 0;
  for (const { start, end, label } of apart(marks, text.length)) {
    if (start > copied) cuts.push({ text: text.slice(copied, start), label: null });
    cuts.push({ text: text.slice(start, end), label });
    copied = end;
  }
  if (copied < text.length) cuts.push({ text: text.slice(copied), label: null });
  let hidden = 0;
  const pieces = cuts.map((cut) => {
    const cleaned = plain(cut.text);
    hidden += cleaned.changes.reduce((sum, { count }) => sum + count, 0);
    return { ...cut, text: cleaned.text };
  });
  return { pieces, hidden };
}

function apart(marks: readonly Mark[], length: number): readonly Mark[] {
  const merged: Mark[] = [];
  for (const mark of marks.toSorted((left, right) => left.start - right.start)) {
    const { start, end } = mark;
    if (start < 0 || end > length || start >= end) continue;
    const before = merged.at(-1);
    if (before === undefined || start >= before.end) merged.push(mark);
    else {
      const label = before.label.split(", ").includes(mark.label) ? before.label : `${before.label}, ${mark.label}`;
      merged[merged.length - 1] = { start: before.start, end: Math.max(before.end, end), label };
    }
  }
  return merged;
}
