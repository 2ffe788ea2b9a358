import assert from "node:assert/strict";
import { test } from "node:test";
import { windowAt } from "./window.ts";

const cases = [
  { name: "a day begins at midnight", window: "day", at: "2026-11-22T00:00:00.000Z", is: ["2026-11-22", "2026-11-23"] },
  { name: "and lasts up to the next", window: "day", at: "2026-11-22T23:59:59.999Z", is: ["2026-11-22", "2026-11-23"] },
  {
    name: "a month has the days it has",
    window: "month",
    at: "2028-02-29T12:00:00.000Z",
    is: ["2028-02-01", "2028-03-01"],
  },
  {
    name: "December ends with the year",
    window: "month",
    at: "2026-12-31T23:59:59.999Z",
    is: ["2026-12-01", "2027-01-01"],
  },
] as const;

for (const { name, window, at, is } of cases) {
  test(name, () => {
    const { startMs, endMs } = windowAt(window, Date.parse(at));
    assert.deepEqual(
      [startMs, endMs].map((ms) => new Date(ms).toISOString()),
      is.map((date) => `${date}T00:00:00.000Z`),
    );
  });
}
