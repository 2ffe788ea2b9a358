/** What the costs page asks for, by its address. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { narrowedBy, pathOf, runsQuery, splitOf, stepOf } from "./asked.ts";

const at = (search: string) => new URLSearchParams(search);
const now = Date.UTC(2026, 10, 23);
const spend = { name: "spend", isOf: "calls", by: ["day", "feature"] } as const;

test("without anything said it is the last 30 days by feature", () => {
  assert.equal(splitOf(at("")), "feature");
  assert.equal(pathOf(at(""), spend), "/v1/analytics/spend?since=30d&by=day%2Cfeature");
});

test("period and filters travel along, and nothing else of the address", () => {
  const query = at("since=2026-10-01&until=2026-11-01&client=a%26b&by=model&other=1");
  const path = pathOf(query, { ...spend, limit: 5 }, ".csv") ?? "";
  assert.ok(path.startsWith("/v1/analytics/spend.csv?"));
  assert.deepEqual(Object.fromEntries(at(path.split("?")[1] ?? "")), {
    since: "2026-10-01",
    until: "2026-11-01",
    client: "a&b",
    by: "day,feature",
    limit: "5",
  });
});

test("a row leads one step further: feature, harness, model, version", () => {
  let query = at("since=7d&by=feature");
  const steps = [];
  for (const value of ["chat", "summarise", "gpt-4o"]) {
    const by = splitOf(query);
    steps.push(by);
    query = at(new URLSearchParams(narrowedBy(query, by, value)).toString());
  }
  assert.deepEqual([...steps, splitOf(query)], ["feature", "harness", "model", "version"]);
  assert.deepEqual(runsQuery(query), {
    client: null,
    feature: "chat",
    harness: "summarise",
    version: null,
    model: "gpt-4o",
    since: "7d",
  });
});

test("what counts runs is not asked for a model", () => {
  assert.equal(pathOf(at("model=gpt-4o"), { name: "outcomes", isOf: "runs" }), null);
  assert.notEqual(pathOf(at("harness=h"), { name: "outcomes", isOf: "runs" }), null);
});

for (const [search, step] of [
  ["since=24h", "hour"],
  ["since=30d", "day"],
  ["since=96h", "day"],
  ["since=2026-11-21", "hour"],
  ["since=2026-11-01", "day"],
  ["since=2026-10-01&until=2026-10-03", "hour"],
  ["since=nonsense", "day"],
] as const) {
  test(`${search}: a column of the chart is a ${step}`, () => assert.equal(stepOf(at(search), now), step));
}
