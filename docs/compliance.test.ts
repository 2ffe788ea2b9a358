import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { complianceScheme } from "../schemas/control/harness-definition.ts";
import { compliancePresets } from "../services/definitions/compliance/compliance-presets.ts";
import { page, presetTables, withPresets } from "./compliance.ts";

test("every preset has its table and every line of it a row of three cells", () => {
  const tables = presetTables();
  for (const scheme of complianceScheme.options) assert.ok(tables.includes(`## \`${scheme}\`: `), scheme);
  const rows = tables.split("\n").filter((line) => /^\| [^-c]/.test(line));
  assert.equal(rows.length, Object.values(compliancePresets).flatMap(({ lines }) => lines).length);
  for (const row of rows) assert.equal(row.split(" | ").length, 3, row);
});

test("the tables are written between their marks and nothing else is touched", () => {
  const fresh = withPresets("before\n<!-- presets -->\nold\n<!-- /presets -->\nafter\n");
  assert.ok(fresh.startsWith("before\n<!-- presets -->\n## `hipaa`"));
  assert.ok(fresh.endsWith("\n<!-- /presets -->\nafter\n"));
  assert.equal(withPresets(fresh), fresh);
});

test("the page's tables are those that the code gives", () => {
  const text = readFileSync(page, "utf8");
  assert.equal(withPresets(text), text);
});
