/**
 * Who consumes what: pure and deterministic. Partition i of every topic goes to
 * the same member; members hold equally many, give or take one; a member keeps
 * what it holds as far as that allows, so that only what must move moves.
 * What is free goes by rendezvous hashing over stable instance names, so that a
 * worker that comes back gets its own partitions back.
 */
import { createHash } from "node:crypto";

export interface GroupMemberState {
  readonly memberId: string;
  /** Stable across restarts when the operator names it, else unique to the process. */
  readonly instance: string;
  readonly topics: readonly string[];
  /** Partition numbers it holds, and since when (Unix ms): of two that claim one, the later holds it. */
  readonly held: readonly number[];
  readonly heldSinceMs: number;
}

/** Partitions by topic, by member id. */
export type GroupAssignment = ReadonlyMap<string, Readonly<Record<string, number[]>>>;

export function assignPartitions(
  members: readonly GroupMemberState[],
  partitionCounts: ReadonlyMap<string, number>,
): GroupAssignment {
  const sorted = members.toSorted((a, b) => compare(a.instance, b.instance) || compare(a.memberId, b.memberId));
  const indices = Array.from({ length: Math.max(0, ...partitionCounts.values()) }, (_, index) => index);
  const owners = chooseOwners(sorted, indices);
  const assignment = new Map(sorted.map(({ memberId }): [string, Record<string, number[]>] => [memberId, {}]));
  for (const [topic, count] of partitionCounts) {
    for (const index of indices.slice(0, count)) {
      const owner = subscriber(owners.get(index), topic, { sorted, index });
      if (owner !== undefined) (entryOf(assignment, owner.memberId)[topic] ??= []).push(index);
    }
  }
  return assignment;
}

function chooseOwners(members: readonly GroupMemberState[], indices: readonly number[]): Map<number, GroupMemberState> {
  const held = claims(members, indices.length);
  const quotas = quotasOf(members, held, indices.length);
  const owners = new Map<number, GroupMemberState>();
  for (const member of members) {
    const kept = held.get(member)?.toSorted(byWish(member, members)) ?? [];
    for (const index of kept.slice(0, quotas.get(member))) owners.set(index, member);
  }
  const room = new Map([...quotas].map(([member, quota]) => [member, quota - countOf(owners, member)]));
  for (const index of indices.filter((candidate) => !owners.has(candidate))) {
    const owner = best(
      members.filter((member) => (room.get(member) ?? 0) > 0),
      index,
    );
    if (owner === undefined) continue;
    owners.set(index, owner);
    room.set(owner, (room.get(owner) ?? 0) - 1);
  }
  return owners;
}

/** Keeps its own favourites first, then what nobody else wants more: so a worker that comes back finds its own free. */
function byWish(member: GroupMemberState, members: readonly GroupMemberState[]): (a: number, b: number) => number {
  const wish = (index: number): number => score(member, index) + (best(members, index) === member ? 2 ** 48 : 0);
  return (a, b) => wish(b) - wish(a);
}

/** What each member may go on holding: one holder a partition, the latest. */
function claims(members: readonly GroupMemberState[], count: number): Map<GroupMemberState, number[]> {
  const holder = new Map<number, GroupMemberState>();
  for (const member of members) {
    for (const index of member.held.filter((held) => held < count)) {
      const other = holder.get(index);
      if (other === undefined || member.heldSinceMs > other.heldSinceMs) holder.set(index, member);
    }
  }
  const held = new Map<GroupMemberState, number[]>(members.map((member) => [member, []]));
  for (const [index, member] of holder) held.get(member)?.push(index);
  return held;
}

/** Equal shares; the odd partitions stay with those who hold the most already. */
function quotasOf(
  members: readonly GroupMemberState[],
  held: ReadonlyMap<GroupMemberState, readonly number[]>,
  count: number,
): Map<GroupMemberState, number> {
  const share = Math.floor(count / Math.max(1, members.length));
  const odd = count - share * members.length;
  const byHeld = members.toSorted((a, b) => (held.get(b)?.length ?? 0) - (held.get(a)?.length ?? 0));
  return new Map(byHeld.map((member, at) => [member, at < odd ? share + 1 : share]));
}

/** During a rolling deploy a member may not read every topic yet. */
function subscriber(
  owner: GroupMemberState | undefined,
  topic: string,
  { sorted, index }: { readonly sorted: readonly GroupMemberState[]; readonly index: number },
): GroupMemberState | undefined {
  if (owner?.topics.includes(topic)) return owner;
  return best(
    sorted.filter((member) => member.topics.includes(topic)),
    index,
  );
}

function best(members: readonly GroupMemberState[], index: number): GroupMemberState | undefined {
  return members.toSorted((a, b) => score(b, index) - score(a, index))[0];
}

/** Rendezvous weight (Thaler and Ravishankar, 1998): the highest wins. */
function score(member: GroupMemberState, index: number): number {
  return createHash("sha1").update(`${member.instance}\0${index}`).digest().readUIntBE(0, 6);
}

function countOf(owners: ReadonlyMap<number, GroupMemberState>, member: GroupMemberState): number {
  return [...owners.values()].filter((owner) => owner === member).length;
}

function entryOf(assignment: Map<string, Record<string, number[]>>, memberId: string): Record<string, number[]> {
  const entry = assignment.get(memberId) ?? {};
  assignment.set(memberId, entry);
  return entry;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
