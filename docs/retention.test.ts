import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { retentionFile, retentionPage } from "./retention.ts";

test("the page is the one that the catalog gives: npm run docs:generate", () => {
  assert.equal(readFileSync(retentionFile, "utf8"), retentionPage());
});
