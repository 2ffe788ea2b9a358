/**
 * What comes of making a text safe: the text, and how often which rule changed
 * it. Rules have names such as `sanitise.bidi`; none of them holds matched text.
 */
export interface Change {
  readonly rule: string;
  readonly count: number;
}

export interface Cleaned {
  readonly text: string;
  readonly changes: readonly Change[];
}

/** Counts what rules did, in the order in which they first did it. */
export class ChangeCount {
  private readonly counts = new Map<string, number>();

  add(rule: string, count = 1): void {
    this.counts.set(rule, (this.counts.get(rule) ?? 0) + count);
  }

  addAll(changes: readonly Change[]): void {
    for (const { rule, count } of changes) this.add(rule, count);
  }

  list(): readonly Change[] {
    return [...this.counts].map(([rule, count]) => ({ rule, count }));
  }
}
