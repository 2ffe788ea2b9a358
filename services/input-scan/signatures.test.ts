/** Packs in force: read whole, swapped when a new one arrives, kept when the new one is bad. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { SignaturePack } from "../../schemas/control/signature-pack.ts";
import { fold } from "../guards/text/fold.ts";
import type { LogReader, LogRecord } from "../runtime/kafka/log-reader.ts";
import { createLogger } from "../runtime/logger.ts";
import { openSignatures, readPack } from "./signatures.ts";

function pack(version: string, pattern: string, name = "core"): SignaturePack {
  return {
    pack: name,
    version,
    description: "",
    signatures: [
      {
        id: "s",
        category: "role_play",
        severity: "low",
        action: "flag",
        pattern,
        examples: { match: [pattern], noMatch: ["zzz"] },
      },
    ],
  };
}

/** A control topic in memory that a test appends to. */
function controlTopic(initial: readonly [key: string, value: unknown][]) {
  const lines: string[] = [];
  let deliver: ((record: LogRecord) => void) | undefined;
  let offset = 0n;
  const toRecord = (key: string, value: unknown) => {
    const at = { topic: "harness-signatures", partition: 0, offset: offset++, timestampMs: 0, headers: {} };
    return { ...at, key: Buffer.from(key), value: value === null ? null : Buffer.from(JSON.stringify(value)) };
  };
  const reader: Pick<LogReader, "offsets" | "follow"> = {
    offsets: async () => new Map([[0, { low: 0n, high: BigInt(initial.length) }]]),
    follow: async ({ onRecord, onCaughtUp, signal }) => {
      deliver = (record) => void onRecord(record);
      for (const [key, value] of initial) await onRecord(toRecord(key, value));
      onCaughtUp?.();
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    },
  };
  const logger = createLogger("test", "info", { write: (line) => void lines.push(line) });
  return { reader, logger, lines, append: (key: string, value: unknown) => deliver?.(toRecord(key, value)) };
}

test("packs on the topic are in force from the start, later ones from the moment they arrive", async () => {
  const topic = controlTopic([["core", pack("1", "first phrase")]]);
  const signatures = await openSignatures(topic);
  const finds = (text: string) => signatures.scanner().scan(fold(text)).length;
  assert.deepEqual([finds("first phrase"), finds("second phrase")], [1, 0]);
  const before = signatures.scanner();
  topic.append("core", pack("2", "second phrase"));
  assert.deepEqual([finds("first phrase"), finds("second phrase")], [0, 1]);
  assert.deepEqual(signatures.scanner().packs, ["core@2"]);
  assert.deepEqual(before.packs, ["core@1"], "a scan under way keeps its packs");
  await signatures.close();
});

test("a bad pack is refused with its reason, and the old one stays", async () => {
  const topic = controlTopic([["core", pack("1", "first phrase")]]);
  const signatures = await openSignatures(topic);
  topic.append("core", pack("2", "first.*phrase"));
  topic.append("core", { pack: "core" });
  topic.append("other", pack("3", "third phrase"));
  assert.deepEqual(signatures.scanner().packs, ["core@1"]);
  const errors = topic.lines.filter((line) => line.includes('"level":"error"'));
  assert.equal(errors.length, 3);
  assert.match(errors[0] ?? "", /unbounded quantifier/);
  await signatures.close();
});

test("packs stand side by side, and a deleted one is gone", async () => {
  const topic = controlTopic([
    ["core", pack("1", "first phrase")],
    ["ours", pack("7", "second phrase", "ours")],
  ]);
  const signatures = await openSignatures(topic);
  assert.deepEqual(signatures.scanner().packs, ["core@1", "ours@7"]);
  topic.append("core", null);
  assert.deepEqual(signatures.scanner().packs, ["ours@7"]);
  await signatures.close();
});

test("a pack under another key is refused", () => {
  assert.throws(() => readPack(pack("1", "first phrase"), "other"), /its key is not/);
});
