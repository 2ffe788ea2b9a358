import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { complianceScheme, policyPreset } from "../schemas/control/harness-definition.ts";
import { piiEntities } from "../services/guards/pii/entity.ts";
import { entityTable, page, withEntities } from "./personal-data.ts";

test("every kind has a row with a cell for each preset and scheme, and every preset says something", () => {
  const [head = "", , ...rows] = entityTable().split("\n");
  const cells = (line: string) => line.split(" | ").length;
  assert.equal(rows.length, piiEntities.length);
  assert.equal(cells(head), 4 + policyPreset.options.length + complianceScheme.options.length);
  for (const row of rows) {
    assert.match(
      row,
      /^\| `[A-Za-z]+` \| .+ \| (?:low|medium|high|critical) \| `\[[A-Z_]+\]` \| \w+ \| \w+ \| \w+ \| /,
    );
  }
});

test("the table is written between its marks and nothing else is touched", () => {
  const fresh = withEntities("before\n<!-- entities -->\nold\n<!-- /entities -->\nafter\n");
  assert.ok(fresh.startsWith("before\n<!-- entities -->\n| entity"));
  assert.ok(fresh.endsWith("|\n<!-- /entities -->\nafter\n"));
});

test("the page's table is the one that the code gives", () => {
  const text = readFileSync(page, "utf8");
  assert.equal(withEntities(text), text);
});
