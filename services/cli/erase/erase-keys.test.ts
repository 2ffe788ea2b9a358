/** The order in which a key is erased, and what is recorded when. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { auditErasure } from "../../../schemas/audit/erasure.ts";
import { contentKeyRecord, type SubjectKey } from "../../../schemas/control/content-key.ts";
import { exampleValue } from "../../../test/contract/examples.ts";
import type { Emission } from "../../runtime/stage.ts";
import { eraseKeys } from "./erase-keys.ts";
import { keysOnDisk, type KeyOnDisk, type OwnedKey } from "../../runtime/content/keys-on-disk.ts";

const example = contentKeyRecord.parse(exampleValue("harness-subject-keys", "of-a-subject"));
assert.ok(example.kind === "subject_key");
const key: SubjectKey = example;
const second: SubjectKey = { ...key, key_id: `s-${"b".repeat(32)}`, client_id: "globex" };

/** A log whose keys leave the disk after so many looks; each look takes 10 seconds. */
async function erased(found: readonly KeyOnDisk[], looksOnDisk: number, timeoutMs = 1_000_000) {
  const sent: Emission[] = [];
  let looks = 0;
  const isComplete = await eraseKeys({
    publish: async (emissions) => (sent.push(...emissions), []),
    look: async () => (looks++ <= looksOnDisk ? found : []),
    by: { kind: "user", id: "ines" },
    why: "asked for",
    subjectHmac: "k:1",
    nowMs: () => looks * 10_000,
    timeoutMs,
    waitMs: 1,
  });
  const told = sent.map(({ topic, key: of, value }) =>
    topic === "harness-audit" ? `${auditErasure.parse(value).state} ${of}` : `tombstone ${of}`,
  );
  return { isComplete, told };
}

test("it is on record before it happens, and as complete only when the keys are gone from the disk", async () => {
  const { isComplete, told } = await erased(
    [
      { key, isErased: false },
      { key: second, isErased: false },
    ],
    1,
  );
  const both = [key.key_id, second.key_id];
  const each = (word: string) => both.map((keyId) => `${word} ${keyId}`);
  assert.deepEqual([isComplete, told], [true, [...each("asked"), ...each("tombstone"), ...each("complete")]]);
});

test("a command that was killed goes on: what has its tombstone gets no other", async () => {
  const { isComplete, told } = await erased([{ key, isErased: true }], 1);
  assert.deepEqual([isComplete, told], [true, [`asked ${key.key_id}`, `complete ${key.key_id}`]]);
});

test("while the broker keeps the segment open, a record that says nothing is written after it now and then", async () => {
  const { told } = await erased([{ key, isErased: false }], 10);
  assert.equal(told.filter((word) => word === "tombstone compaction").length, 2);
});

test("keys that stay on the disk for too long are erased, and not recorded as gone", async () => {
  const { isComplete, told } = await erased([{ key, isErased: false }], 1000, 50_000);
  assert.deepEqual([isComplete, told.filter((word) => word.startsWith("complete"))], [false, []]);
});

test("on disk is every key of the subject whose value can be read, of one client or of all", async () => {
  const records: readonly (readonly [string, unknown])[] = [
    [key.key_id, key],
    [second.key_id, second],
    [key.key_id, null],
    ["s-x", { ...key, key_id: `s-${"c".repeat(32)}`, subject_id: "somebody else" }],
    ["compaction", null],
    ["broken", "no key"],
  ];
  const reader = {
    offsets: async () => new Map([[0, { low: 0n, high: BigInt(records.length) }]]),
    read: async ({ onRecord }: Parameters<Parameters<typeof keysOnDisk>[0]["read"]>[0]) => {
      for (const [index, [of, value]] of records.entries()) {
        const at = { topic: "harness-subject-keys", partition: 0, offset: BigInt(index), timestampMs: 0, headers: {} };
        const bytes = value === null ? null : Buffer.from(JSON.stringify(value));
        await onRecord({ ...at, key: Buffer.from(of), value: bytes });
      }
    },
  };
  const isSought = (client?: string) => (one: OwnedKey) =>
    one.subject_id === key.subject_id && (client === undefined || one.client_id === client);
  const seen = async (client?: string) =>
    (await keysOnDisk(reader, isSought(client))).map((one) => [one.key.client_id, one.isErased]);
  assert.deepEqual(await seen(), [
    ["acme", true],
    ["globex", false],
  ]);
  assert.deepEqual(await seen("globex"), [["globex", false]]);
  assert.deepEqual(await seen("nobody"), []);
});
