/**
 * One signature over one text: joins the stretches around its literals in which
 * a match can lie, and searches each of them once.
 */
import type { Span } from "../text/fold.ts";
import type { CompiledPattern } from "./compile-pattern.ts";

export class Search {
  private readonly pattern: CompiledPattern;
  private readonly text: string;
  private from = 0;
  private to = -1;
  private found: Span | null = null;

  constructor(pattern: CompiledPattern, folded: string) {
    this.pattern = pattern;
    this.text = folded;
  }

  /** A literal stands here: a match that holds it starts so far before it, and ends within the longest match. Called in the text's order. */
  widen(literalStart: number): void {
    if (this.found !== null) return;
    const { before, longest } = this.pattern;
    const from = Math.max(0, literalStart - before.most);
    if (from > this.to) {
      this.searchStretch();
      this.from = from;
    }
    this.to = Math.min(this.text.length, Math.max(this.to, literalStart - before.least + longest));
  }

  /** Where the first match stands in the folded text. */
  finish(): Span | null {
    this.searchStretch();
    return this.found;
  }

  /** One character more on each side, so that `^` and `\b` see what stands there. */
  private searchStretch(): void {
    if (this.found !== null || this.to < 0) return;
    const { regex } = this.pattern;
    const lead = this.from > 0 ? 1 : 0;
    const end = Math.min(this.text.length, this.to + 1);
    const offset = this.from - lead;
    const stretch = this.text.slice(offset, end);
    regex.lastIndex = lead;
    for (let match = regex.exec(stretch); match !== null; match = regex.exec(stretch)) {
      const isCut = offset + regex.lastIndex === end && end < this.text.length;
      if (!isCut && match[0] !== "") {
        this.found = { start: offset + match.index, end: offset + regex.lastIndex };
        return;
      }
      regex.lastIndex = match.index + 1;
    }
  }
}
