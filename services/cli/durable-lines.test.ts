import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { openDurableLines, readLines, replaceLines } from "./durable-lines.ts";

const folder = mkdtempSync(path.join(tmpdir(), "breakwater-lines-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const fileOf = (name: string): string => path.join(folder, name, "lines.jsonl");

test("what was appended is read back, over several openings", async () => {
  const file = fileOf("appended");
  for (const part of [[1, { a: "é\n" }], [], ["three"]]) {
    const lines = await openDurableLines(file);
    await lines.append(part);
    await lines.close();
  }
  assert.deepEqual(await readLines(file), [1, { a: "é\n" }, "three"]);
});

test("a file that is not there holds no lines", async () => {
  assert.deepEqual(await readLines(fileOf("absent")), []);
});

test("a last line that a crash cut off is dropped, in the middle of a character too", async () => {
  const file = fileOf("torn");
  const first = await openDurableLines(file);
  await first.append(["été"]);
  await first.close();
  for (const torn of ['{"half', Buffer.from('"é').subarray(0, 2)]) {
    appendFileSync(file, torn);
    assert.deepEqual(await readLines(file), ["été"]);
    const again = await openDurableLines(file);
    await again.close();
    assert.equal(readFileSync(file, "utf8"), '"été"\n');
  }
});

test("a whole line that is not JSON is an error with its place: no guess is made about it", async () => {
  const file = path.join(folder, "broken.jsonl");
  writeFileSync(file, '1\n{"half\n2\n');
  await assert.rejects(readLines(file), /broken\.jsonl:2 is not JSON/);
});

test("replacing leaves the new lines and nothing beside them", async () => {
  const file = fileOf("replaced");
  const lines = await openDurableLines(file);
  await lines.append([1, 2, 3]);
  await lines.close();
  await replaceLines(file, ["a", "b"]);
  assert.equal(readFileSync(file, "utf8"), '"a"\n"b"\n');
  await replaceLines(file, []);
  assert.equal(readFileSync(file, "utf8"), "");
});
