/**
 * Walks the links of one partition and says of the first that does not fit what
 * became of it. A link that was changed and hashed anew is found by the one
 * behind it, a tail that was hashed anew by the next signed head: then all since
 * the head before it is in doubt. Pure. Needs Node alone: the evidence pack
 * carries this file.
 */
import { genesisHash } from "./link.ts";
import type { ReadLink } from "./read-link.ts";
import type { SignedHead } from "./signed-head.ts";

export interface Fault {
  readonly kind: "changed" | "removed" | "inserted" | "swapped" | "cut" | "rewritten" | "withheld" | "bad_head";
  readonly partition: number | null;
  /** Of the record that should stand there. */
  readonly sequence: number | null;
  /** Where in the file or the topic. */
  readonly place: string;
  readonly detail: string;
}

/** One partition, as it is walked. */
export interface Walk {
  readonly partition: number;
  readonly links: readonly ReadLink[];
  /** By sequence, from `start` on. */
  readonly heads: readonly SignedHead[];
  /** The sequence that the first link must have. */
  readonly start: number;
  /** The signed head right before it. */
  readonly before: SignedHead | undefined;
}

type Found = Pick<Fault, "kind" | "detail"> & { readonly sequence: number; readonly place?: string };

/** Where the walk stands. */
interface Stand {
  readonly sequence: number;
  /** What the next link must name; null when it is not known. */
  readonly previous: string | null;
  readonly signedTo: number;
}

export function faultIn(walk: Walk): Fault | null {
  const { partition, links, heads, start, before } = walk;
  const copies = grouped(links, ({ sequence }) => sequence ?? Number.NaN);
  const headAt = new Map(heads.map((head) => [head.sequence, head]));
  let stand: Stand = {
    sequence: start,
    previous: before?.hash ?? (start === 1 ? genesisHash : null),
    signedTo: start - 1,
  };
  for (const [at, link] of links.entries()) {
    const found = misfit({ walk, copies, headAt }, stand, at);
    if (found !== null) return { place: link.place, ...found, partition };
    const signedTo = headAt.has(stand.sequence) ? stand.sequence : stand.signedTo;
    stand = { sequence: stand.sequence + 1, previous: link.hash, signedTo };
  }
  const last = heads.at(-1);
  if (last === undefined || last.sequence < stand.sequence) return null;
  const signedAt = new Date(last.signed_at_ms).toISOString();
  const detail = `a head signed at ${signedAt} says that there were links up to ${last.sequence}`;
  return { kind: "cut", partition, sequence: stand.sequence, place: "the end", detail };
}

interface Known {
  readonly walk: Walk;
  readonly copies: ReadonlyMap<number, readonly ReadLink[]>;
  readonly headAt: ReadonlyMap<number, SignedHead>;
}

function misfit(known: Known, stand: Stand, at: number): Found | null {
  const { sequence, previous, signedTo } = stand;
  const link = known.walk.links[at];
  if (link === undefined) return null;
  if (link.defect !== null) return { kind: "changed", sequence, detail: link.defect };
  if (link.sequence !== sequence) return misplaced(known, sequence, link);
  if (isImpostor(known, link)) return { kind: "inserted", sequence, detail: "nothing was sealed onto it" };
  if (previous !== null && link.previousHash !== previous) return unlinked(known, sequence, at);
  const head = known.headAt.get(sequence);
  if (head === undefined || head.hash === link.hash) return null;
  const detail = `the head signed for ${sequence} is of another chain: something from ${signedTo + 1} to ${sequence} was written anew`;
  return { kind: "rewritten", sequence: signedTo + 1, detail };
}

function misplaced({ copies }: Known, sequence: number, link: ReadLink): Found {
  const own = link.sequence ?? 0;
  const isCopy = own < sequence || (copies.get(own)?.length ?? 0) > 1;
  if (isCopy) return { kind: "inserted", sequence, detail: `it says that it is ${own}, which stands elsewhere` };
  const moved = copies.get(sequence)?.[0];
  if (moved !== undefined)
    return { kind: "swapped", sequence, detail: `${own} stands in its place, and it stands at ${moved.place}` };
  const missing = own - sequence === 1 ? `${sequence} is` : `${sequence} to ${own - 1} are`;
  return { kind: "removed", sequence, detail: `${missing} missing` };
}

/** Of two that claim one place, the one that the next link or a head does not name. */
function isImpostor({ copies, headAt }: Known, link: ReadLink): boolean {
  const sequence = link.sequence ?? 0;
  const others = (copies.get(sequence) ?? []).filter(({ hash }) => hash !== link.hash);
  if (others.length === 0) return false;
  const named = new Set((copies.get(sequence + 1) ?? []).map(({ previousHash }) => previousHash));
  const head = headAt.get(sequence);
  if (head !== undefined) named.add(head.hash);
  return !named.has(link.hash) && others.some(({ hash }) => named.has(hash));
}

/** Two neighbours that do not fit: the one that its other neighbour does not know either is the changed one. */
function unlinked({ walk, headAt }: Known, sequence: number, at: number): Found {
  const { links, before } = walk;
  const link = links[at];
  const earlier = links[at - 1];
  const next = links[at + 1];
  const isNamed = next === undefined ? headAt.get(sequence)?.hash === link?.hash : next.previousHash === link?.hash;
  const earlierIsSigned = at === 0 ? before !== undefined : headAt.has(sequence - 1);
  if (earlier === undefined || earlierIsSigned || !isNamed)
    return { kind: "changed", sequence, detail: "it does not name the link before it" };
  return { kind: "changed", sequence: sequence - 1, place: earlier.place, detail: "the link behind it names another" };
}

/** What `Map.groupBy` does. The verifier of an evidence pack runs on any Node from 20, which has none. */
export function grouped<Item, Key>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
): ReadonlyMap<Key, readonly Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
