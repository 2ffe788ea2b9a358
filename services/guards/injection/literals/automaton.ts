/**
 * Finds all of many literals in one pass over a text (Aho and Corasick, 1975):
 * one move a character, whatever the number of literals. States near the root
 * have a dense row each; deeper ones, which texts seldom reach, keep only their
 * own edges and fall back, so that a million states take 10 bytes each. Any
 * white space in the text stands for the space of a literal.
 */
import { Alphabet, buildTrie, type Trie } from "./trie.ts";

export interface LiteralAutomaton {
  readonly states: number;
  readonly bytes: number;
  /** Calls `onHit` for each literal's end (exclusive) in the text, in order. */
  scan(text: string, onHit: (literal: number, end: number) => void): void;
}

/** Entries of the dense rows together: 4 MiB. */
const denseEntries = 1 << 20;

export function buildAutomaton(literals: readonly string[]): LiteralAutomaton {
  const alphabet = new Alphabet(literals);
  const trie = buildTrie(literals, alphabet);
  const moves = new Moves(trie, alphabet.size);
  const { reports, shorter } = reportsOf(trie, moves.fallback);
  const { hit, next } = trie;
  const { numbers } = alphabet;
  return {
    states: trie.symbol.length,
    bytes: moves.bytes + reports.byteLength + shorter.byteLength + hit.byteLength + trie.symbol.byteLength,
    scan(text, onHit) {
      let state = 0;
      for (let at = 0; at < text.length; at++) {
        state = moves.from(state, numbers[text.charCodeAt(at)] ?? 0);
        for (let ending = reports[state] ?? 0; ending !== 0; ending = shorter[ending] ?? 0) {
          for (let literal = hit[ending] ?? -1; literal >= 0; literal = next[literal] ?? -1) onHit(literal, at + 1);
        }
      }
    },
  };
}

/** Where each state goes on each symbol. States are numbered breadth first: the dense ones are the first. */
class Moves {
  readonly fallback: Int32Array;
  private readonly trie: Trie;
  private readonly width: number;
  private readonly dense: number;
  private readonly table: Int32Array;

  constructor(trie: Trie, width: number) {
    this.trie = trie;
    this.width = width;
    const states = trie.symbol.length;
    this.dense = Math.max(1, Math.min(states, Math.floor(denseEntries / width)));
    this.table = new Int32Array(this.dense * width);
    this.fallback = new Int32Array(states);
    for (let state = 0; state < states; state++) this.fillIn(state);
  }

  get bytes(): number {
    return this.table.byteLength + this.fallback.byteLength + this.trie.firstChild.byteLength;
  }

  from(state: number, symbol: number): number {
    if (state < this.dense) return this.table[state * this.width + symbol] ?? 0;
    return symbol === 0 ? 0 : this.fromSparse(state, symbol);
  }

  private fromSparse(from: number, symbol: number): number {
    let state = from;
    while (state >= this.dense) {
      const child = this.childOf(state, symbol);
      if (child !== 0) return child;
      state = this.fallback[state] ?? 0;
    }
    return this.table[state * this.width + symbol] ?? 0;
  }

  private childOf(state: number, symbol: number): number {
    const { firstChild, symbol: symbols } = this.trie;
    const end = firstChild[state + 1] ?? 0;
    for (let child = firstChild[state] ?? 0; child < end; child++) if (symbols[child] === symbol) return child;
    return 0;
  }

  /** A state's row is its fallback's row with its own children on top; the fallback is nearer the root and done. */
  private fillIn(state: number): void {
    const { firstChild, symbol: symbols } = this.trie;
    const { width, table, fallback } = this;
    const back = fallback[state] ?? 0;
    const isDense = state < this.dense;
    if (isDense && state !== 0) table.copyWithin(state * width, back * width, (back + 1) * width);
    const end = firstChild[state + 1] ?? 0;
    for (let child = firstChild[state] ?? 0; child < end; child++) {
      const symbol = symbols[child] ?? 0;
      fallback[child] = state === 0 ? 0 : this.from(back, symbol);
      if (isDense) table[state * width + symbol] = child;
    }
  }
}

/** Per state, itself or the nearest of its fallbacks that ends a literal; and from there the next shorter one. */
function reportsOf({ hit }: Trie, fallback: Int32Array): { reports: Int32Array; shorter: Int32Array } {
  const reports = new Int32Array(hit.length);
  const shorter = new Int32Array(hit.length);
  for (let state = 1; state < hit.length; state++) {
    const inherited = reports[fallback[state] ?? 0] ?? 0;
    const ends = (hit[state] ?? -1) >= 0;
    reports[state] = ends ? state : inherited;
    if (ends) shorter[state] = inherited;
  }
  return { reports, shorter };
}
