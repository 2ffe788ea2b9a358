import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { assignPartitions, type GroupAssignment, type GroupMemberState } from "./assign-partitions.ts";

const topics = ["scanned", "retries"];
const countsOf = (count: number) => new Map(topics.map((topic) => [topic, count]));
const fresh = (name: string): GroupMemberState => ({
  memberId: `${name}-id`,
  instance: name,
  topics,
  held: [],
  heldSinceMs: 0,
});

const heldBy = (assignment: GroupAssignment, member: GroupMemberState): number[] =>
  assignment.get(member.memberId)?.["scanned"] ?? [];
const after = (assignment: GroupAssignment, members: readonly GroupMemberState[], atMs: number): GroupMemberState[] =>
  members.map((member) => ({ ...member, held: heldBy(assignment, member), heldSinceMs: atMs }));
const ownersOf = (assignment: GroupAssignment, members: readonly GroupMemberState[]): Map<number, string> =>
  new Map(
    members.flatMap((member) => heldBy(assignment, member).map((index): [number, string] => [index, member.memberId])),
  );
const moved = (before: Map<number, string>, now: Map<number, string>): number[] =>
  [...now].filter(([index, owner]) => before.get(index) !== owner).map(([index]) => index);

const sizes = fc.tuple(fc.integer({ min: 1, max: 48 }), fc.integer({ min: 2, max: 9 }));
const workers = (count: number) => Array.from({ length: count }, (_, at) => fresh(`worker-${at}`));

test("every partition has one owner, the same for every topic, and shares differ by one at most", () => {
  fc.assert(
    fc.property(sizes, ([count, size]) => {
      const members = workers(size);
      const assignment = assignPartitions(members, countsOf(count));
      const shares = members.map((member) => heldBy(assignment, member).length);
      assert.equal(ownersOf(assignment, members).size, count);
      assert.ok(Math.max(...shares) - Math.min(...shares) <= 1);
      for (const { memberId } of members) {
        const held = assignment.get(memberId) ?? {};
        assert.deepEqual(held["scanned"], held["retries"]);
      }
    }),
  );
});

test("the order in which members are listed changes nothing", () => {
  fc.assert(
    fc.property(sizes, fc.nat(), ([count, size], turn) => {
      const members = workers(size);
      const turned = [...members.slice(turn % size), ...members.slice(0, turn % size)];
      const assignment = assignPartitions(members, countsOf(count));
      const other = assignPartitions(turned, countsOf(count));
      assert.deepEqual(moved(ownersOf(assignment, members), ownersOf(other, members)), []);
    }),
  );
});

test("when a worker leaves, only its partitions move", () => {
  fc.assert(
    fc.property(sizes, fc.nat(), ([count, size], pick) => {
      const first = assignPartitions(workers(size), countsOf(count));
      const members = after(first, workers(size), 1);
      const leaver = members[pick % size];
      const rest = members.filter((member) => member !== leaver);
      const second = assignPartitions(rest, countsOf(count));
      const gone = new Set(leaver?.held);
      assert.deepEqual(
        moved(ownersOf(first, members), ownersOf(second, rest)).filter((index) => !gone.has(index)),
        [],
      );
    }),
  );
});

test("when a worker joins, partitions move to it alone, and no more than its share", () => {
  fc.assert(
    fc.property(sizes, ([count, size]) => {
      const first = assignPartitions(workers(size), countsOf(count));
      const members = [...after(first, workers(size), 1), fresh("newcomer")];
      const second = assignPartitions(members, countsOf(count));
      const changed = moved(ownersOf(first, members), ownersOf(second, members));
      assert.ok(changed.every((index) => ownersOf(second, members).get(index) === "newcomer-id"));
      assert.ok(changed.length <= Math.ceil(count / (size + 1)));
    }),
  );
});

test("a rebalance that changes nobody moves nothing", () => {
  const members = workers(5);
  const first = assignPartitions(members, countsOf(24));
  const second = assignPartitions(after(first, members, 1), countsOf(24));
  assert.deepEqual(moved(ownersOf(first, members), ownersOf(second, members)), []);
});

test("a whole group that restarts under the same names gets the same partitions", () => {
  const first = assignPartitions(workers(4), countsOf(24));
  const restarted = workers(4).map((member) => ({ ...member, memberId: `${member.instance}-again` }));
  const second = assignPartitions(restarted, countsOf(24));
  for (const member of workers(4)) {
    assert.deepEqual(heldBy(first, member), second.get(`${member.instance}-again`)?.["scanned"]);
  }
});

test("of two that claim a partition, the later one keeps it", () => {
  const old = { ...fresh("zombie"), held: [0, 1], heldSinceMs: 1 };
  const current = { ...fresh("current"), held: [0, 1], heldSinceMs: 2 };
  const assignment = assignPartitions([old, current], countsOf(4));
  assert.deepEqual(heldBy(assignment, current), [0, 1]);
  assert.deepEqual(heldBy(assignment, old), [2, 3]);
});

test("a topic goes only to members that read it, and is never left without an owner", () => {
  const older = { ...fresh("older"), topics: ["scanned"] };
  const newer = fresh("newer");
  const assignment = assignPartitions([older, newer], countsOf(6));
  assert.equal(assignment.get("older-id")?.["retries"], undefined);
  assert.deepEqual(assignment.get("newer-id")?.["retries"], [0, 1, 2, 3, 4, 5]);
});

test("two workers under one name share the work all the same", () => {
  const twins = [fresh("host"), { ...fresh("host"), memberId: "host-2" }];
  const assignment = assignPartitions(twins, countsOf(6));
  assert.deepEqual(
    twins.map((member) => heldBy(assignment, member).length),
    [3, 3],
  );
});
