import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { variables } from "../services/runtime/variables.ts";
import { configurationTable, withTable } from "./configuration.ts";

test("every variable has a row with words, and no secret shows a value", () => {
  const rows = configurationTable().split("\n").slice(2);
  assert.equal(rows.length, Object.keys(variables).length);
  for (const row of rows) assert.match(row, /^\| `[A-Z_]+` \| (?:required|`[^`]+`)? ?\| \S.* \|$/, row);
});

test("the table is written between its marks and nothing else is touched", () => {
  const text = "before\n<!-- variables -->\nold\n<!-- /variables -->\nafter\n";
  const fresh = withTable(text);
  assert.ok(fresh.startsWith("before\n<!-- variables -->\n| variable"));
  assert.ok(fresh.endsWith("|\n<!-- /variables -->\nafter\n"));
  assert.equal(withTable(fresh), fresh);
});

test("the README's table is the one that the code gives", () => {
  const text = readFileSync("README.md", "utf8");
  assert.equal(withTable(text), text);
});
