import assert from "node:assert/strict";
import { test } from "node:test";
import { readHeaders, receiveRecord, recordBytes } from "./received-record.ts";

const message = (fetched: Buffer) => ({
  key: fetched.subarray(0, 4),
  value: fetched.subarray(4, 10),
  timestamp: "1795000000000",
  attributes: 0,
  offset: "9007199254740991",
  headers: { ce_id: Buffer.from("one") },
});

test("a record is a copy: it pins nothing of the fetch it came in", () => {
  const fetched = Buffer.alloc(10_000_000, "a");
  const record = receiveRecord("harness-requests", 2, message(fetched));
  fetched.fill("b");
  assert.deepEqual([record.key?.toString(), record.value?.toString()], ["aaaa", "aaaaaa"]);
  assert.ok((record.value?.buffer.byteLength ?? 0) < 100_000);
  assert.deepEqual([record.offset, record.timestampMs, record.partition], [9007199254740991n, 1_795_000_000_000, 2]);
});

test("a record without key, value and headers is one too", () => {
  const bare = { key: null, value: null, timestamp: "1", attributes: 0, offset: "0", headers: {} };
  const record = receiveRecord("harness-requests", 0, bare);
  assert.deepEqual([record.key, record.value, record.headers, record.rawHeaders], [null, null, {}, null]);
});

test("headers are text; the bytes are kept only where text cannot give them back", () => {
  const binary = Buffer.from([0xff, 0x00]);
  assert.equal(readHeaders({ a: Buffer.from("ä") }).rawHeaders, null);
  const odd = readHeaders({ a: Buffer.from("x"), b: binary });
  assert.deepEqual([odd.headers["a"], odd.rawHeaders], ["x", { a: Buffer.from("x"), b: binary }]);
  const twice = readHeaders({ a: [Buffer.from("1"), Buffer.from("2")] });
  assert.deepEqual([twice.headers["a"], twice.rawHeaders], ["1", { a: [Buffer.from("1"), Buffer.from("2")] }]);
});

test("a record counts with more than its bytes", () => {
  const record = receiveRecord("harness-requests", 0, message(Buffer.alloc(10)));
  assert.ok(recordBytes(record) > 10);
});
