/** Charts in the terminal: what is drawn, how wide, and what is not drawn. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Figure } from "../../../ledger/answers/figures.ts";
import { answerChart } from "./answer-chart.ts";
import { renderBars } from "./bars.ts";
import { renderSparklines } from "./sparklines.ts";
import { stepsOf } from "./time-steps.ts";

const figures: readonly Figure[] = [{ name: "cost_usd", head: "cost", kind: "usd", sums: true }];
const chart = (by: readonly string[], rows: readonly Record<string, string | null>[], width = 60) =>
  answerChart({ by, rows, figures, drawn: "cost_usd" }, width);

test("bars are as long as their values, the longest as wide as there is room", () => {
  const drawn = chart(
    ["feature"],
    [
      { feature: "chat", cost_usd: "4" },
      { feature: "digest", cost_usd: "1" },
      { feature: null, cost_usd: null },
    ],
    35,
  );
  assert.deepEqual(drawn.split("\n"), [
    `chat          4  ${"█".repeat(18)}`,
    "digest        1  ████▌",
    "-       unknown",
  ]);
});

test("what is above zero is never drawn as nothing, and a loss is drawn by its size", () => {
  const [, small, loss] = renderBars(
    [
      { label: "a", value: 1000, text: "1000" },
      { label: "b", value: 0.001, text: "0.001" },
      { label: "c", value: -1000, text: "-1000" },
    ],
    40,
  ).split("\n");
  assert.match(small ?? "", /▏$/);
  assert.match(loss ?? "", /-1000 {2}█+$/);
});

test("over time alone the bars are in the order of time", () => {
  const rows = [
    { day: "2026-11-03", cost_usd: "3" },
    { day: "2026-11-01", cost_usd: "1" },
  ];
  assert.deepEqual(
    chart(["day"], rows)
      .split("\n")
      .map((line) => line.slice(0, 10)),
    ["2026-11-01", "2026-11-03"],
  );
});

test("over time and by something there is a line for each, with the days that had nothing", () => {
  const rows = [
    { feature: "chat", day: "2026-11-01", cost_usd: "1" },
    { feature: "chat", day: "2026-11-04", cost_usd: "8" },
    { feature: "digest", day: "2026-11-02", cost_usd: "90" },
  ];
  assert.deepEqual(chart(["feature", "day"], rows).split("\n"), [
    "2026-11-01 to 2026-11-04, a column a day",
    "digest   █    90",
    "chat    ▂  █   9",
  ]);
});

test("steps that have no room are drawn together, by the highest", () => {
  const values = Array.from({ length: 100 }, (_, at) => (at === 37 ? 10 : 1));
  const line = renderSparklines([{ label: "x", values, text: "1" }], 30);
  assert.ok(Array.from(line).length <= 30);
  assert.equal(line.match(/█/g)?.length, 1);
});

test("no chart is wider than it may be, whatever is drawn", () => {
  const bar = fc.record({ label: fc.string(), value: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })) });
  fc.assert(
    fc.property(fc.array(bar), fc.integer({ min: 70, max: 200 }), (bars, width) => {
      const drawn = renderBars(
        bars.map(({ label, value }) => ({ label, value, text: "1,234" })),
        width,
      );
      for (const line of drawn.split("\n")) {
        assert.ok(Array.from(line).length <= width);
        assert.doesNotMatch(line, /\p{Cc}/u);
      }
    }),
  );
});

for (const [step, named, expected] of [
  ["hour", ["2026-11-01T23:00:00Z", "2026-11-02T01:00:00Z"], 3],
  ["day", ["2026-03-02", "2026-02-27"], 4],
  ["month", ["2026-11", "2027-02"], 4],
  ["day", [], 0],
] as const) {
  test(`every ${step} from the first to the last of ${named.length} is there`, () => {
    const steps = stepsOf(step, named);
    assert.equal(steps.length, expected);
    assert.deepEqual(steps.toSorted(), steps);
  });
}
