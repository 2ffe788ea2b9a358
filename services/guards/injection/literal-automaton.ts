/**
 * Finds all of many literals in one pass over a text (Aho and Corasick, 1975),
 * as a dense table: one look-up a character, whatever the number of literals.
 * Any white space in the text stands for the space of a literal.
 */

export interface LiteralAutomaton {
  /** Calls `onHit` for each literal's end (exclusive) in the text, in order. */
  scan(text: string, onHit: (literal: number, end: number) => void): void;
}

export function buildAutomaton(literals: readonly string[]): LiteralAutomaton {
  const alphabet = new Alphabet(literals);
  const trie = new Trie(alphabet.size);
  literals.forEach((literal, index) => trie.add(alphabet.read(literal), index));
  const { table, hits } = trie.close();
  return {
    scan(text, onHit) {
      let state = 0;
      for (let at = 0; at < text.length; at++) {
        state = table[state * alphabet.size + alphabet.classOf(text.charCodeAt(at))] ?? 0;
        const ending = hits[state];
        if (ending !== undefined) for (const literal of ending) onHit(literal, at + 1);
      }
    },
  };
}

/** The characters that literals hold, numbered from 1; all others are 0. */
class Alphabet {
  readonly size: number;
  private readonly numbers = new Uint16Array(0x10000);

  constructor(literals: readonly string[]) {
    let next = 1;
    for (const literal of literals) {
      for (let at = 0; at < literal.length; at++) {
        const unit = literal.charCodeAt(at);
        if (this.numbers[unit] === 0) this.numbers[unit] = next++;
      }
    }
    this.numbers[0x0a] = this.numbers[0x20] ?? 0;
    this.size = next;
  }

  classOf(unit: number): number {
    return this.numbers[unit] ?? 0;
  }

  read(literal: string): readonly number[] {
    return Array.from({ length: literal.length }, (_, at) => this.classOf(literal.charCodeAt(at)));
  }
}

class Trie {
  private readonly width: number;
  private readonly children: Map<number, number>[] = [new Map()];
  private readonly hits: (number[] | undefined)[] = [undefined];

  constructor(width: number) {
    this.width = width;
  }

  add(symbols: readonly number[], literal: number): void {
    let state = 0;
    for (const symbol of symbols) {
      let next = this.children[state]?.get(symbol);
      if (next === undefined) {
        next = this.children.push(new Map()) - 1;
        this.hits.push(undefined);
        this.children[state]?.set(symbol, next);
      }
      state = next;
    }
    this.hits[state] = [...(this.hits[state] ?? []), literal];
  }

  /** Fills in the failure moves, breadth first: each state's row is its fallback's row with its own children on top. */
  close(): { table: Int32Array; hits: readonly (readonly number[] | undefined)[] } {
    const { width } = this;
    const table = new Int32Array(this.children.length * width);
    const fallback = new Int32Array(this.children.length);
    const queue = [0];
    for (let head = 0; head < queue.length; head++) {
      const state = queue[head] ?? 0;
      const back = fallback[state] ?? 0;
      if (state !== 0) table.copyWithin(state * width, back * width, (back + 1) * width);
      const inherited = state === 0 ? undefined : this.hits[back];
      if (inherited !== undefined) this.hits[state] = [...(this.hits[state] ?? []), ...inherited];
      for (const [symbol, child] of this.children[state] ?? []) {
        fallback[child] = state === 0 ? 0 : (table[state * width + symbol] ?? 0);
        table[state * width + symbol] = child;
        queue.push(child);
      }
    }
    return { table, hits: this.hits };
  }
}
