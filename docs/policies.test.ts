/** The tables of docs/policies.md: whole, and of now. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { z } from "zod";
import { policyKnobs } from "../schemas/control/harness-definition.ts";
import { presets } from "../services/definitions/presets.ts";
import { knobsIn, knobTable, page, withTables } from "./policies.ts";

test("every knob of the schema has a row, with a value for each policy and words", () => {
  const knobs = knobsIn(z.toJSONSchema(policyKnobs)).map(({ path }) => path.join("."));
  for (const [group, inner] of Object.entries(presets.standard.knobs))
    for (const name of Object.keys(inner)) assert.ok(knobs.includes(`${group}.${name}`), `${group}.${name}`);
  const rows = knobTable().split("\n").slice(2);
  assert.equal(rows.length, knobs.length);
  for (const row of rows)
    assert.match(row, /^\| `[a-zA-Z_.]+` \| \S[^|]* \| [^|]+ \| [^|]+ \| [^|]+ \| [^|]+ \|$/, row);
});

test("a row says what the code says", () => {
  assert.match(knobTable(), /\| `contextWindow.strategy` .* \| `refuse` \| `head` \| `head` \|/);
});

test("tables are written between their marks and nothing else is touched", () => {
  const text = "before\n<!-- limits -->\nold\n<!-- /limits -->\nafter\n";
  const fresh = withTables(text);
  assert.match(fresh, /^before\n<!-- limits -->\n\| limit [\s\S]* \|\n<!-- \/limits -->\nafter\n$/);
  assert.equal(withTables(fresh), fresh);
});

test("the page's tables are the ones that the code gives", () => {
  const text = readFileSync(page, "utf8");
  assert.equal(withTables(text), text);
});
