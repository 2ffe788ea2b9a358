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
import { disguisesIn, originalSpan, type FoldedText } from "../text/fold.ts";
import { readings } from "../text/readings.ts";
import type { CompiledPack, CompiledSignature } from "./compile-pack.ts";
import { indexLiterals } from "./literals/literal-index.ts";
import { Search, type Allowance } from "./search.ts";

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
  /** @throws ScanLimitError when the text, made for it, would take too long: the guard could not run. */
  scan(text: FoldedText, options?: ScanOptions): SignatureMatch[];
}

const userText: ScanOptions = { channel: "user", draw: 0 };

/**
 * The work that patterns may do in one scan (search.ts): so much for each
 * character of the text, more when there are many signatures, and enough for
 * any short text. Prompts and attacks joined to long texts take up to 55 a
 * character, a text made for it hundreds; a unit takes at most 4 ns.
 */
const workPerCharacter = 120;
const signaturesPerWork = 100;
const leastWork = 4_000_000;

export function buildScanner(packs: readonly CompiledPack[]): InjectionScanner {
  const entries = packs.flatMap(({ liveShare, signatures }) =>
    signatures.map((signature): Entry => ({ signature, liveShare })),
  );
  const index = indexLiterals(entries.map(({ signature }) => signature));
  const perCharacter = workPerCharacter + entries.length / signaturesPerWork;

  function scanReading({ text, how }: Read, { channel, draw }: ScanOptions, state: ScanState): void {
    const hits = index.read(text.folded);
    const candidates = index.candidates(hits).filter((number) => {
      const entry = entries[number];
      return entry !== undefined && !state.found.has(entry) && isMeantFor(entry, channel);
    });
    const searches = candidates.flatMap((number) => {
      const entry = entries[number];
      return entry === undefined ? [] : [{ entry, search: new Search(entry.signature, text.folded, state.allowance) }];
    });
    if (searches.length > 0)
      index.follow(candidates, hits, (at, group, start) => searches[at]?.search.advance(group, start));
    for (const { entry, search } of searches) {
      const place = search.finish();
      if (place === null) continue;
      const span = originalSpan(text, place.start, place.end);
      const disguises = how.length === 0 ? disguisesIn(text, place.start, place.end) : [];
      state.found.set(entry, matchOf(entry, { span, draw, how, disguises }));
    }
  }

  return {
    packs: packs.map(labelOf),
    bytes: index.bytes,
    scan(text, options = userText) {
      const work = Math.max(leastWork, perCharacter * text.folded.length);
      const state: ScanState = { found: new Map(), allowance: { work } };
      scanReading({ text, how: [] }, options, state);
      for (const reading of readings(text)) scanReading({ text: reading, how: reading.how }, options, state);
      return [...state.found.values()];
    },
  };
}

interface ScanState {
  readonly found: Map<Entry, SignatureMatch>;
  readonly allowance: Allowance;
}

interface Read {
  readonly text: FoldedText;
  readonly how: readonly string[];
}

interface Entry {
  readonly signature: CompiledSignature;
  readonly liveShare: number;
}

function isMeantFor({ signature: { channels } }: Entry, channel: Channel): boolean {
  return channels === null || channels.includes(channel);
}

interface Place {
  readonly span: NonNullable<Finding["span"]>;
  readonly draw: number;
  readonly how: readonly string[];
  readonly disguises: readonly string[];
}

function matchOf({ signature, liveShare }: Entry, { span, draw, how, disguises }: Place): SignatureMatch {
  const { rule, version, severity, category, action } = signature;
  const effective = draw < liveShare;
  const disguised = disguises.length === 0 ? "" : `, disguised by ${disguises.join(" and ")}`;
  const read = how.length === 0 ? disguised : `, read as ${how.join(", then ")}`;
  const message = `${category}${read}${effective ? "" : " (in shadow)"}`;
  return { finding: { rule, version, severity, span, message }, category, action, effective };
}

function labelOf({ pack, version, liveShare }: CompiledPack): string {
  if (liveShare === 1) return `${pack}@${version}`;
  return `${pack}@${version} (${liveShare === 0 ? "in shadow" : `canary, ${liveShare * 100} % of runs`})`;
}
