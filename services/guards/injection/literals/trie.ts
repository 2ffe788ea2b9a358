/**
 * The tree of all literals' beginnings, in flat arrays: states are numbered
 * breadth first, so a state's children are neighbours. Built from the sorted
 * literals without an object a state: a million states take a few megabytes.
 */

/** The characters that literals hold, numbered from 1; all others are 0. */
export class Alphabet {
  readonly size: number;
  readonly numbers = new Uint16Array(0x10000);

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
}

export interface Trie {
  /** Per state, the symbol that leads to it; 0 for the root. */
  readonly symbol: Uint16Array;
  /** Per state, its first child; its last is the one before the next state's first. One entry more than states. */
  readonly firstChild: Int32Array;
  /** Per state, a literal that ends there, or -1. */
  readonly hit: Int32Array;
  /** Per literal, another one that ends in the same state, or -1. */
  readonly next: Int32Array;
}

export function buildTrie(literals: readonly string[], { numbers }: Alphabet): Trie {
  const symbolAt = (literal: number, at: number) => numbers[literals[literal]?.charCodeAt(at) ?? 0] ?? 0;
  const order = sortedBy(literals, symbolAt);
  const symbol: number[] = [0];
  const firstChild: number[] = [];
  const hit: number[] = [];
  const next = new Int32Array(literals.length).fill(-1);
  /** Of each state, the literals that begin with it: a stretch of the sorted order. */
  let level: Stretch[] = [{ from: 0, to: order.length }];
  let known = 1;
  for (let depth = 0; level.length > 0; depth++) {
    const below: Stretch[] = [];
    for (const { from, to } of level) {
      let at = from;
      let ending = -1;
      for (; at < to && literals[order[at] ?? 0]?.length === depth; at++) {
        const literal = order[at] ?? 0;
        next[literal] = ending;
        ending = literal;
      }
      hit.push(ending);
      firstChild.push(known);
      while (at < to) {
        const first = at;
        const read = symbolAt(order[first] ?? 0, depth);
        while (at < to && symbolAt(order[at] ?? 0, depth) === read) at++;
        symbol.push(read);
        known++;
        below.push({ from: first, to: at });
      }
    }
    level = below;
  }
  firstChild.push(known);
  return { symbol: Uint16Array.from(symbol), firstChild: Int32Array.from(firstChild), hit: Int32Array.from(hit), next };
}

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** By symbols, shorter ones first: those with a common beginning are neighbours. */
function sortedBy(literals: readonly string[], symbolAt: (literal: number, at: number) => number): readonly number[] {
  return literals
    .map((_, index) => index)
    .sort((left, right) => {
      const one = literals[left]?.length ?? 0;
      const other = literals[right]?.length ?? 0;
      for (let at = 0; at < one && at < other; at++) {
        const difference = symbolAt(left, at) - symbolAt(right, at);
        if (difference !== 0) return difference;
      }
      return one - other;
    });
}
