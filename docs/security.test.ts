/** SECURITY.md names what is there: every path exists, and every boundary and each of STRIDE's six is spoken of. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../", import.meta.url);
const text = readFileSync(new URL("SECURITY.md", root), "utf8");

test("every test and file that it points at exists", () => {
  const named = [...text.matchAll(/[`(]((?:services|test|infra|docs|\.ci)\/[^`)\s]*)[`)]/g)].map(
    (match) => match[1] ?? "",
  );
  assert.ok(named.length > 40);
  assert.deepEqual(
    named.filter((path) => !existsSync(new URL(path, root))),
    [],
  );
});

test("each threat has a boundary, a letter, an answer and what holds it", () => {
  const rows = [...text.matchAll(/^\| (\d|all) ([STRIDE]) \| (.+) \| (.+) \| (.+) \|$/gm)];
  assert.ok(rows.length > 25);
  assert.deepEqual(new Set(rows.map((row) => row[2])), new Set("STRIDE"));
  for (const boundary of "12345")
    assert.ok(
      rows.some((row) => row[1] === boundary),
      boundary,
    );
  assert.deepEqual(
    rows.filter((row) => !/`/.test(row[5] ?? "")).map((row) => row[0]),
    [],
  );
});
