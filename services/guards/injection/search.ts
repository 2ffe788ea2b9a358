/**
 * One signature over one text. Follows its groups of literals through the text:
 * a match holds one of each group, in order and no further apart than the
 * pattern allows. Where a whole chain stands, the stretch in which a match can
 * lie is searched with the pattern itself; stretches that overlap are joined,
 * so that each part of the text is searched once.
 */
import type { Span } from "../text/fold.ts";
import type { CompiledPattern } from "./compile-pattern.ts";

/** What is left of the work that one scan may do: characters given to patterns, each times the pattern's weight. */
export interface Allowance {
  work: number;
}

/** The text would take too long: nothing is said of it, so that nothing is passed unseen. */
export class ScanLimitError extends Error {
  constructor() {
    super("the text has more near matches than a scan may look at");
    this.name = "ScanLimitError";
  }
}

export class Search {
  private readonly pattern: CompiledPattern;
  private readonly text: string;
  private readonly allowance: Allowance;
  /** Per group, where its latest literal stands that continues a chain; -1 for none. */
  private readonly chain: number[];
  private from = 0;
  private to = -1;
  private found: Span | null = null;

  constructor(pattern: CompiledPattern, folded: string, allowance: Allowance) {
    this.pattern = pattern;
    this.text = folded;
    this.allowance = allowance;
    this.chain = pattern.groups.map(() => -1);
  }

  /** A literal of a group stands here. Called in the order of the literals' ends. */
  advance(group: number, start: number): void {
    const { groups } = this.pattern;
    const own = groups[group];
    if (this.found !== null || own === undefined) return;
    if (group > 0) {
      const before = this.chain[group - 1] ?? -1;
      const reach = own.before.most - (groups[group - 1]?.before.least ?? 0);
      if (before < 0 || start - before > reach) return;
    }
    this.chain[group] = start;
    if (group === groups.length - 1) this.widen(start - own.before.most, start - own.before.least);
  }

  /** Where the first match stands in the folded text. */
  finish(): Span | null {
    this.searchStretch();
    return this.found;
  }

  /** A match may start between these. */
  private widen(first: number, last: number): void {
    const from = Math.max(0, first);
    if (from > this.to) {
      this.searchStretch();
      this.from = from;
    }
    this.from = Math.min(this.from, from);
    this.to = Math.min(this.text.length, Math.max(this.to, last + this.pattern.longest));
  }

  /** One character more on each side, so that `^` and `\b` see what stands there. */
  private searchStretch(): void {
    if (this.found !== null || this.to < 0) return;
    const { regex, weight } = this.pattern;
    const lead = this.from > 0 ? 1 : 0;
    const end = Math.min(this.text.length, this.to + 1);
    const offset = this.from - lead;
    this.allowance.work -= (end - offset) * weight;
    if (this.allowance.work < 0) throw new ScanLimitError();
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
