/**
 * Matches all signatures of all packs against a folded text and its other
 * readings: one pass of the literal automaton each, then a signature's own
 * pattern only near its literals, and only if it is meant for the text's
 * channel. A signature is reported once a text, at its first match in the first
 * reading that holds one. Linear: each part of a text is searched at most
 * once by one signature. What is found by a pack in shadow, or by a canary
 * outside of its share, is reported as not effective.
 */
import type { Channel } from "../../../schemas/parts/channel.ts";
import type { Finding } from "../../../schemas/parts/finding.ts";
import { originalSpan, type FoldedText } from "../text/fold.ts";
import { readings } from "../text/readings.ts";
import type { CompiledPack, CompiledSignature } from "./compile-pack.ts";
import { buildAutomaton } from "./literal-automaton.ts";
import { Search } from "./search.ts";

export interface SignatureMatch {
  /** Its message says the category, how the text was read, and when the pack is in shadow. */
  readonly finding: Finding;
  readonly category: CompiledSignature["category"];
  /** The most the signature may cause; the policy can lower it. */
  readonly action: CompiledSignature["action"];
  /** False: its pack is in shadow in this run; it is recorded and changes nothing. */
  readonly effective: boolean;
}

export interface ScanOptions {
  readonly channel: Channel;
  /** Of the run, 0 to below 1 (`drawOf`): a pack decides in the runs whose draw is below its live share. */
  readonly draw: number;
}

export interface InjectionScanner {
  /** `pack@version` of every pack in it, for the record; one that is not wholly live says so. */
  readonly packs: readonly string[];
  /** Of the literal automaton. */
  readonly bytes: number;
  scan(text: FoldedText, options?: ScanOptions): SignatureMatch[];
}

const userText: ScanOptions = { channel: "user", draw: 0 };

export function buildScanner(packs: readonly CompiledPack[]): InjectionScanner {
  const entries = packs.flatMap(({ liveShare, signatures }) =>
    signatures.map((signature): Entry => ({ signature, liveShare })),
  );
  const { literals, holders } = holdersOf(entries);
  const automaton = buildAutomaton(literals);
  const lengths = literals.map(({ length }) => length);

  function scanReading({ text, how }: Read, { channel, draw }: ScanOptions, found: Map<Entry, SignatureMatch>): void {
    const searches = new Map<Entry, Search>();
    automaton.scan(text.folded, (literal, end) => {
      const start = end - (lengths[literal] ?? 0);
      for (const entry of holders[literal] ?? []) {
        let search = searches.get(entry);
        if (search === undefined) {
          if (found.has(entry) || !isMeantFor(entry, channel)) continue;
          searches.set(entry, (search = new Search(entry.signature, text.folded)));
        }
        search.widen(start);
      }
    });
    for (const [entry, search] of searches) {
      const place = search.finish();
      if (place === null) continue;
      found.set(entry, matchOf(entry, { span: originalSpan(text, place.start, place.end), draw, how }));
    }
  }

  return {
    packs: packs.map(labelOf),
    bytes: automaton.bytes,
    scan(text, options = userText) {
      const found = new Map<Entry, SignatureMatch>();
      scanReading({ text, how: [] }, options, found);
      for (const reading of readings(text)) scanReading({ text: reading, how: reading.how }, options, found);
      return [...found.values()];
    },
  };
}

interface Read {
  readonly text: FoldedText;
  readonly how: readonly string[];
}

interface Entry {
  readonly signature: CompiledSignature;
  readonly liveShare: number;
}

/** The literals of all signatures, each once, and who holds it. */
function holdersOf(entries: readonly Entry[]): { literals: readonly string[]; holders: readonly (readonly Entry[])[] } {
  const byLiteral = new Map<string, Entry[]>();
  for (const entry of entries) {
    for (const literal of entry.signature.literals) {
      const known = byLiteral.get(literal);
      if (known === undefined) byLiteral.set(literal, [entry]);
      else known.push(entry);
    }
  }
  return { literals: [...byLiteral.keys()], holders: [...byLiteral.values()] };
}

function isMeantFor({ signature: { channels } }: Entry, channel: Channel): boolean {
  return channels === null || channels.includes(channel);
}

interface Place {
  readonly span: NonNullable<Finding["span"]>;
  readonly draw: number;
  readonly how: readonly string[];
}

function matchOf({ signature, liveShare }: Entry, { span, draw, how }: Place): SignatureMatch {
  const { rule, version, severity, category, action } = signature;
  const effective = draw < liveShare;
  const read = how.length === 0 ? "" : `, read as ${how.join(", then ")}`;
  const message = `${category}${read}${effective ? "" : " (in shadow)"}`;
  return { finding: { rule, version, severity, span, message }, category, action, effective };
}

function labelOf({ pack, version, liveShare }: CompiledPack): string {
  if (liveShare === 1) return `${pack}@${version}`;
  return `${pack}@${version} (${liveShare === 0 ? "in shadow" : `canary, ${liveShare * 100} % of runs`})`;
}
