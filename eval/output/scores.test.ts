import assert from "node:assert/strict";
import { test } from "node:test";
import { scoresOf, type Verdict } from "./scores.ts";

const times = (count: number, wanted: boolean, found: boolean): readonly Verdict[] =>
  Array.from({ length: count }, () => ({ wanted, found }));

const told = (verdicts: readonly Verdict[]): string =>
  scoresOf("output/x", verdicts)
    .map(({ name, value, size }) => `${name.replace("output/x/", "")} ${value.toFixed(2)} of ${size}`)
    .join(", ");

const cases: readonly (readonly [name: string, verdicts: readonly Verdict[], expected: string])[] = [
  [
    "what is found, what is true of it, and who is wrongly accused",
    [...times(6, true, true), ...times(2, true, false), ...times(2, false, true), ...times(10, false, false)],
    "recall 0.75 of 8, precision 0.75 of 8, f1 0.75 of 8, false-positives 0.17 of 12",
  ],
  [
    "a set without clean texts accuses none",
    times(3, true, true),
    "recall 1.00 of 3, precision 1.00 of 3, f1 1.00 of 3",
  ],
  ["a set of clean texts alone has no recall", times(4, false, false), "false-positives 0.00 of 4"],
  ["a guard that finds nothing has no precision", times(2, true, false), "recall 0.00 of 2, f1 0.00 of 2"],
];

for (const [name, verdicts, expected] of cases) test(name, () => assert.equal(told(verdicts), expected));
