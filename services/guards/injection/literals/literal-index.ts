/**
 * Which signatures a text may match, by the literals that it holds: one pass of
 * the automaton notes every literal and where it stands; a signature is looked
 * at further only when its rarest group is there, and then all its groups. So a
 * word that a thousand signatures share costs nothing until the rare word of
 * one of them stands in the same text.
 */
import type { CompiledSignature } from "../compile-pack.ts";
import { buildAutomaton, type LiteralAutomaton } from "./automaton.ts";
import { worth } from "../pattern-literals.ts";

/** What a text holds: literals by number and where each stands, in the order of their ends. */
export interface LiteralHits {
  readonly count: number;
  readonly literals: Int32Array;
  readonly starts: Int32Array;
  /** Each literal that the text holds, once. */
  readonly distinct: readonly number[];
}

export interface LiteralIndex {
  readonly bytes: number;
  read(text: string): LiteralHits;
  /** Numbers of the signatures of which the text holds a literal of every group. */
  candidates(hits: LiteralHits): readonly number[];
  /** Tells each candidate, by its place in the list, where a literal of one of its groups stands. */
  follow(
    candidates: readonly number[],
    hits: LiteralHits,
    advance: (place: number, group: number, start: number) => void,
  ): void;
}

interface Follower {
  readonly place: number;
  readonly group: number;
}

export function indexLiterals(signatures: readonly CompiledSignature[]): LiteralIndex {
  const numbers = new Map<string, number>();
  const numberOf = (literal: string) => {
    const known = numbers.get(literal) ?? numbers.size;
    numbers.set(literal, known);
    return known;
  };
  const groups = signatures.map(({ groups: all }) => all.map(({ literals }) => Int32Array.from(literals, numberOf)));
  const literals = [...numbers.keys()];
  const automaton = buildAutomaton(literals);
  const triggers = triggersOf(groups, literals);
  const reader = new HitReader(automaton, literals);
  const isComplete = (signature: number) => groups[signature]?.every((group) => reader.holdsOneOf(group)) === true;
  return {
    bytes: automaton.bytes,
    read: (text) => reader.read(text),
    candidates({ distinct }) {
      const found = new Set<number>();
      for (const literal of distinct) for (const signature of triggers[literal] ?? []) found.add(signature);
      return [...found].filter(isComplete);
    },
    follow(candidates, { count, literals: at, starts }, advance) {
      const followers = followersOf(
        candidates.map((signature) => groups[signature] ?? []),
        reader,
      );
      for (let hit = 0; hit < count; hit++) {
        const following = followers.get(at[hit] ?? 0);
        if (following === undefined) continue;
        for (const { place, group } of following) advance(place, group, starts[hit] ?? 0);
      }
    },
  };
}

/** Per literal that the text holds, whose groups it belongs to. */
function followersOf(
  candidates: readonly (readonly Int32Array[])[],
  reader: HitReader,
): ReadonlyMap<number, readonly Follower[]> {
  const followers = new Map<number, Follower[]>();
  candidates.forEach((groups, place) =>
    groups.forEach((literals, group) => {
      for (const literal of literals) {
        if (!reader.holds(literal)) continue;
        const known = followers.get(literal);
        if (known === undefined) followers.set(literal, [{ place, group }]);
        else known.push({ place, group });
      }
    }),
  );
  return followers;
}

/** Per literal, the signatures of which it is in the group that is rare in texts and held by few other signatures. */
function triggersOf(groups: readonly (readonly Int32Array[])[], literals: readonly string[]): readonly number[][] {
  const holders = new Int32Array(literals.length);
  for (const group of groups.flat()) for (const literal of group) holders[literal] = (holders[literal] ?? 0) + 1;
  const score = (group: Int32Array) => {
    const mostHeld = group.reduce((most, literal) => Math.max(most, holders[literal] ?? 0), 1);
    return worth(Array.from(group, (literal) => literals[literal] ?? "")) - sharingPenalty * Math.log2(mostHeld);
  };
  const triggers: number[][] = literals.map(() => []);
  groups.forEach((own, signature) => {
    const scores = own.map(score);
    const best = own[scores.indexOf(Math.max(...scores))] ?? [];
    for (const literal of best) triggers[literal]?.push(signature);
  });
  return triggers;
}

/** Letters of rarity that a literal loses each time twice as many signatures hold it. */
const sharingPenalty = 1.5;

/** Keeps its arrays from text to text: they grow to the longest and are never given back. */
class HitReader {
  private readonly automaton: LiteralAutomaton;
  private readonly lengths: Int32Array;
  /** Per literal, the reading in which it was last seen. */
  private readonly seen: Int32Array;
  private reading = 0;
  private literals = new Int32Array(1024);
  private starts = new Int32Array(1024);

  constructor(automaton: LiteralAutomaton, literals: readonly string[]) {
    this.automaton = automaton;
    this.lengths = Int32Array.from(literals, ({ length }) => length);
    this.seen = new Int32Array(literals.length);
  }

  /** In the text read last. */
  holds(literal: number): boolean {
    return this.seen[literal] === this.reading;
  }

  holdsOneOf(group: Int32Array): boolean {
    for (let at = 0; at < group.length; at++) if (this.seen[group[at] ?? 0] === this.reading) return true;
    return false;
  }

  read(text: string): LiteralHits {
    this.reading++;
    let count = 0;
    const distinct: number[] = [];
    this.automaton.scan(text, (literal, end) => {
      if (count === this.literals.length) this.grow();
      this.literals[count] = literal;
      this.starts[count++] = end - (this.lengths[literal] ?? 0);
      if (this.seen[literal] === this.reading) return;
      this.seen[literal] = this.reading;
      distinct.push(literal);
    });
    return { count, literals: this.literals, starts: this.starts, distinct };
  }

  private grow(): void {
    this.literals = doubled(this.literals);
    this.starts = doubled(this.starts);
  }
}

function doubled(numbers: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const more = new Int32Array(numbers.length * 2);
  more.set(numbers);
  return more;
}
