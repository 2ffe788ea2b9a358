/**
 * A few points of the fault matrix with one seed, each judged by the auditor;
 * `npm run test:faults` runs all of them with as many seeds as one likes. The
 * seed is printed; set FAULT_SEED to repeat it.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { points } from "../faults/points.ts";
import { lineOf, sentenceOf, totalOf } from "../faults/report.ts";
import { runMatrix } from "../faults/run-matrix.ts";

const seed = Number(process.env["FAULT_SEED"] ?? Date.now() % 100_000);
const few = new Set(["S1 SIGKILL", "I3 SIGSTOP", "I5 SIGKILL", "I6 SIGTERM", "V2 SIGKILL", "C1 SIGKILL"]);

test(`processes hit at exact moments, seed ${seed}: nothing lost, nothing decided twice, every call in the books`, async (t) => {
  const chosen = points.filter(({ id }) => few.has(id));
  assert.equal(chosen.length, few.size);
  const report = await runMatrix({
    points: chosen,
    seeds: [seed],
    runs: 24,
    onJudged: (judged) => t.diagnostic(lineOf(judged)),
  });
  const total = totalOf(report);
  t.diagnostic(sentenceOf(total));
  assert.deepEqual(
    report.judged.flatMap(({ point, violations }) => violations.map((violation) => `${point}: ${violation}`)),
    [],
  );
  assert.deepEqual([total.points, total.lost, total.twoResults, total.unledgered], [few.size, 0, 0, 0]);
});
