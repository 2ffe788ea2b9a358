import assert from "node:assert/strict";
import { test } from "node:test";
import { events } from "../../../../test/support/console-audit.ts";
import { eventsPath, isNarrowed, pageOf } from "./audit-path.ts";

test("filters and the cursor are asked for, the span as a time, and nothing else", () => {
  const query = new URLSearchParams("action=key.&actor=+ines+&since=24h&cursor=1.a&other=x&target=");
  const nowMs = Date.UTC(2026, 10, 23);
  assert.equal(
    eventsPath(query, nowMs),
    "/v1/audit/events?limit=50&action=key.&actor=ines&cursor=1.a&from=2026-11-22T00%3A00%3A00.000Z",
  );
  assert.deepEqual([isNarrowed(query), isNarrowed(new URLSearchParams("cursor=1.a"))], [true, false]);
});

test("an event leads to its run, harness or batch, and nowhere where there is no page of it", () => {
  const led = events.map(pageOf);
  assert.deepEqual([led[0], led[2]?.slice(0, 6), led[3]], ["/harnesses/summarise", "/runs/", null]);
  const [first] = events;
  assert.ok(first !== undefined);
  assert.equal(pageOf({ ...first, target: "../x" }), "/harnesses/..%2Fx");
  assert.equal(pageOf({ ...first, action: "batch.cancelled", target: "b1" }), "/batches/b1");
});
