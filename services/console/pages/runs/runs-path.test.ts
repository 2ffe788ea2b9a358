import assert from "node:assert/strict";
import { test } from "node:test";
import { isNarrowed, runsPath } from "./runs-path.ts";

const nowMs = Date.UTC(2026, 10, 23, 12);
const path = (query: string): string => decodeURIComponent(runsPath(new URLSearchParams(query), nowMs));

for (const [query, expected] of [
  ["", "/v1/runs?limit=50"],
  ["status=ok&client=acme", "/v1/runs?limit=50&status=ok&client=acme"],
  ["run=%20019a%20&harness=", "/v1/runs?limit=50&run=019a"],
  ["since=24h", "/v1/runs?limit=50&from=2026-11-22T12:00:00.000Z"],
  ["since=forever&sql=1", "/v1/runs?limit=50"],
  ["cursor=1.2&min_cost_usd=0.05", "/v1/runs?limit=50&min_cost_usd=0.05&cursor=1.2"],
] as const) {
  test(`an address with ${query === "" ? "nothing" : query} asks ${expected}`, () =>
    assert.equal(path(query), expected));
}

test("a page further on does not narrow the search, a filter does", () => {
  assert.equal(isNarrowed(new URLSearchParams("cursor=1.2&status=")), false);
  assert.equal(isNarrowed(new URLSearchParams("since=1h")), true);
});
