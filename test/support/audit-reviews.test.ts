import assert from "node:assert/strict";
import { test } from "node:test";
import { reviewDecided, reviewHeld, type ReviewDecided, type ReviewRecord } from "../../schemas/records/review.ts";
import type { RunResult } from "../../schemas/records/run-result.ts";
import { exampleValue } from "../contract/examples.ts";
import { auditReviews, type PlacedReview } from "./audit-reviews.ts";
import { noon, resultOf, uuid } from "./ledger-records.ts";

const run_id = uuid(1);
const held = { ...reviewHeld.parse(exampleValue("harness-reviews", "held")), run_id };
const approved: ReviewDecided = {
  ...reviewDecided.parse(exampleValue("harness-reviews", "decided-approve")),
  run_id,
  reviewer: "ines",
  decided_at_ms: noon,
};
const rejected: ReviewDecided = { ...approved, decision_id: "other", decision: "reject", reviewer: "omar" };
const edited: ReviewDecided = { ...approved, decision_id: "mended", decision: "edit", output: { plain: "mended" } };
const timedOut: ReviewDecided = {
  kind: "review.decided",
  run_id,
  decision_id: "t",
  decision: "timed_out",
  decided_at_ms: noon,
};

const log = (...records: readonly ReviewRecord[]): readonly PlacedReview[] =>
  records.map((record, at) => ({ partition: 0, offset: BigInt(at), record }));
const given = (fields: Partial<RunResult>): RunResult => resultOf(1, fields);
const by = (decision: "approve" | "reject" | "edit" | "timed_out", reviewer?: string) => ({
  review: { decision, ...(reviewer === undefined ? {} : { reviewer }), held_at_ms: noon, decided_at_ms: noon },
});
const released = given({ status: "released", output: held.output, ...by("approve", "ines") });
const withoutOutput = (fields: Partial<RunResult>): RunResult => {
  const { output: _, ...rest } = given(fields);
  return rest;
};

type Row = readonly [
  name: string,
  reviews: readonly PlacedReview[],
  results: readonly RunResult[],
  says: RegExp | null,
];
const rows: readonly Row[] = [
  ["an answer given as it was approved is sound", log(held, approved), [released], null],
  [
    "so is one that was held twice, alike, and decided about twice",
    log(held, approved, held, rejected),
    [released],
    null,
  ],
  [
    "an edited one is given as edited",
    log(held, edited),
    [given({ status: "released", output: { plain: "mended" }, ...by("edit", "ines") })],
    null,
  ],
  [
    "a time-out ends as the harness says",
    log({ ...held, on_timeout: "release" }, timedOut),
    [given({ status: "released", output: held.output, ...by("timed_out") })],
    null,
  ],
  ["a run that was never held may end ok", [], [given({})], null],
  ["an answer given while nobody has decided", log(held), [released], /nobody decided/],
  ["one that was never held", [], [released], /never held/],
  ["one given by the second decision", log(held, rejected, approved), [released], /first decision is reject/],
  [
    "one that is not what was approved",
    log(held, approved),
    [given({ status: "released", output: { plain: "another" }, ...by("approve", "ines") })],
    /not what was approved/,
  ],
  [
    "a rejected one that is given all the same",
    log(held, rejected),
    [given({ status: "rejected", ...by("reject", "omar") })],
    /not what was/,
  ],
  ["one without a result", log(held, approved), [], /no result/],
  [
    "one given before it was decided",
    log(held, { ...approved, decided_at_ms: noon + 9e6 }),
    [released],
    /before it was decided/,
  ],
  ["one in another reviewer's name", log(held, { ...approved, reviewer: "zoe" }), [released], /decided by ines/],
  [
    "two answers held for one run",
    log(held, { ...held, output: { plain: "2" } }, approved),
    [released],
    /two different answers/,
  ],
];
for (const [name, reviews, results, says] of rows)
  test(name, () => {
    const violations = auditReviews(reviews, results);
    if (says === null) assert.deepEqual(violations, []);
    else assert.match(violations.join("; "), says);
  });

test("an edit that cannot stand leaves the answer to the next decision", () => {
  const reviews = log(held, edited, approved);
  assert.deepEqual(
    auditReviews(reviews, [released], ({ decision }) => decision !== "edit"),
    [],
  );
  assert.match(auditReviews(reviews, [released]).join("; "), /not what was/);
});

test("a rejected one without an output is sound", () => {
  const results = [withoutOutput({ status: "rejected", ...by("reject", "omar") })];
  assert.deepEqual(auditReviews(log(held, rejected), results), []);
});
