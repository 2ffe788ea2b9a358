import assert from "node:assert/strict";
import { test } from "node:test";
import { events, hostileEvent } from "../../../test/support/console-audit.ts";
import { eventTable } from "./audit-events.ts";

const row = (at: number) => eventTable(events.slice(at)).rows[0] ?? assert.fail();

test("a line says when, who, what, of whom, and which version followed which", () => {
  const [applied, replayed, unset] = [row(0), row(2), row(6)];
  assert.deepEqual(applied.slice(1), [
    "ines",
    "harness.applied",
    "summarise",
    "-",
    "fedcba9876543210 > 0123456789abcdef",
    "-",
  ]);
  assert.match(applied[0] ?? "", /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  assert.equal(replayed[1], "key 5f0c1e9a7b3d2846");
  assert.equal(unset[5], "77aa > none");
});

test("an operator's words command no terminal", () => {
  const [why] = eventTable([hostileEvent]).rows[0]?.slice(-1) ?? [];
  assert.match(why ?? "", /pay/);
  assert.equal(why?.includes("\u001b"), false);
});
