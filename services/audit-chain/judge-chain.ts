/**
 * Proves links to be whole: each partition's sequences without a gap, each link
 * on the hash before it, and each signed head on the link that it names. Says of
 * the first that does not fit what happened to it (changed, removed, inserted,
 * swapped), and whether the tail was cut off. Pure. What lies behind the last
 * head is linked but not signed: how much that is, it says. Needs Node alone:
 * the evidence pack carries this file.
 */
import { faultIn, type Fault, type Walk, grouped } from "./find-fault.ts";
import type { ReadLink } from "./read-link.ts";
import type { ReadHead, SignedHead } from "./signed-head.ts";

export interface Evidence {
  /** In the order they stand in, partition by partition. */
  readonly links: readonly ReadLink[];
  readonly heads: readonly ReadHead[];
  /** The sequence that a partition must begin with; where it is not known, what is there first is taken for it. */
  readonly first: ReadonlyMap<number, number>;
}

export interface ProvedRange {
  readonly partition: number;
  readonly first: number;
  readonly last: number;
  /** The last sequence that a signed head covers; null when none does. */
  readonly signedTo: number | null;
  /** Whether what stands before `first` is the chain's beginning, or a signed head. */
  readonly anchored: boolean;
}

export interface Verdict {
  readonly links: number;
  readonly ranges: readonly ProvedRange[];
  /** The first by place; null when all is whole. */
  readonly fault: Fault | null;
}

export function judgeChain(evidence: Evidence): Verdict {
  const { links, heads, first } = evidence;
  const groups = byPartition(evidence);
  const signed = grouped(
    heads.flatMap(({ head, defect }) => (head !== null && defect === null ? [head] : [])),
    ({ partition }) => partition,
  );
  const partitions = [...new Set([...groups.keys(), ...signed.keys(), ...first.keys()])].toSorted((a, b) => a - b);
  const walks = partitions.map((partition) =>
    walkOf(partition, groups.get(partition) ?? [], signed.get(partition) ?? [], first.get(partition)),
  );
  const order = new Map(links.map(({ place }, at) => [place, at]));
  const faults = walks.flatMap((walk) => faultIn(walk) ?? []);
  const [fault] = faults.toSorted(
    (a, b) => (order.get(a.place) ?? links.length) - (order.get(b.place) ?? links.length),
  );
  return { links: links.length, ranges: walks.flatMap(rangeOf), fault: fault ?? outOfOrder(links) ?? badHead(heads) };
}

function badHead(heads: readonly ReadHead[]): Fault | null {
  const bad = heads.find(({ defect }) => defect !== null);
  if (bad === undefined) return null;
  const { partition = null, sequence = null } = bad.head ?? {};
  return { kind: "bad_head", partition, sequence, place: bad.place, detail: bad.defect ?? "" };
}

/** What is damaged may say nothing of where it belongs, or the wrong thing: its neighbours say it. */
function byPartition({ links, first }: Evidence): ReadonlyMap<number, ReadLink[]> {
  const groups = new Map<number, ReadLink[]>();
  let last: number | null = null;
  for (const [at, link] of links.entries()) {
    const next = links.slice(at + 1, at + 3).find(({ defect }) => defect === null);
    const partition: number = (link.defect === null ? link.partition : placed(link, last, { next, first })) ?? 0;
    if (link.defect === null) last = partition;
    const group = groups.get(partition);
    if (group === undefined) groups.set(partition, [link]);
    else group.push(link);
  }
  return groups;
}

function placed(
  { partition: said }: ReadLink,
  before: number | null,
  { next, first }: { readonly next: ReadLink | undefined; readonly first: Evidence["first"] },
): number | null {
  const after = next?.partition ?? null;
  const isMissedThere = after !== null && after !== before && next?.sequence !== first.get(after);
  if (isMissedThere) return after;
  return before ?? after ?? said;
}

/** Partitions stand one behind the other: links of two may not change places either. */
function outOfOrder(links: readonly ReadLink[]): Fault | null {
  for (const [at, { partition, sequence, place }] of links.entries()) {
    const before = links[at - 1]?.partition ?? null;
    if (partition === null || before === null || partition >= before) continue;
    return { kind: "swapped", partition, sequence, place, detail: `it stands behind links of partition ${before}` };
  }
  return null;
}

function walkOf(
  partition: number,
  links: readonly ReadLink[],
  signed: readonly SignedHead[],
  given: number | undefined,
): Walk {
  const heads = signed.toSorted((a, b) => a.sequence - b.sequence);
  const start = given ?? links.find(({ defect }) => defect === null)?.sequence ?? (heads[0]?.sequence ?? 0) + 1;
  const before = heads.find(({ sequence }) => sequence === start - 1);
  return { partition, links, heads: heads.filter(({ sequence }) => sequence >= start), start, before };
}

function rangeOf({ partition, links, heads, start, before }: Walk): readonly ProvedRange[] {
  if (links.length === 0) return [];
  const last = start + links.length - 1;
  const signedTo = heads.findLast(({ sequence }) => sequence <= last)?.sequence ?? null;
  return [{ partition, first: start, last, signedTo, anchored: start === 1 || before !== undefined }];
}
