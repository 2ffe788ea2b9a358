import assert from "node:assert/strict";
import { test } from "node:test";
import { AssignerProtocol } from "kafkajs";
import { readMember } from "./assigner.ts";

const encode = (userData: Buffer): Buffer =>
  AssignerProtocol.MemberMetadata.encode({ version: 1, topics: ["harness-scanned"], userData });

test("a member says its name and what it holds", () => {
  const said = { instance: "host-1", held: [3, 4], heldSinceMs: 5 };
  const member = readMember({ memberId: "m", memberMetadata: encode(Buffer.from(JSON.stringify(said))) });
  assert.deepEqual(member, { memberId: "m", topics: ["harness-scanned"], ...said });
});

const unreadable: readonly (readonly [string, Buffer])[] = [
  ["says nothing", Buffer.alloc(0)],
  ["says something else", Buffer.from("v2|host-1")],
  ["claims what cannot be", Buffer.from(JSON.stringify({ instance: "x", held: [-1], heldSinceMs: 0 }))],
];

for (const [what, userData] of unreadable) {
  test(`a member that ${what} takes part under its member id and holds nothing`, () => {
    const member = readMember({ memberId: "m", memberMetadata: encode(userData) });
    assert.deepEqual(member, { memberId: "m", topics: ["harness-scanned"], instance: "m", held: [], heldSinceMs: 0 });
  });
}
