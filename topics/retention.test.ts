/** That what definitions may promise of content is what the topics keep. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { contentPathsIn } from "../services/runtime/content/record-content.ts";
import { maxContentMs } from "../schemas/policies/retention-policy.ts";
import { catalog } from "./catalog.ts";

test("the longest retention of a harness is the shortest of the topics that hold content", () => {
  const kept = catalog.flatMap(({ name, retentionMs }) => (contentPathsIn(name).length > 0 ? [retentionMs ?? 0] : []));
  assert.equal(Math.min(...kept), maxContentMs);
});
