/**
 * Answers that people decide on, through all four stages: held, and approved,
 * edited, rejected, timed out or cancelled; and output-validate killed at each
 * of its writes meanwhile.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import { decisionsIn } from "../support/audited-decisions.ts";
import { runResult } from "../../schemas/records/run-result.ts";
import { reviewRecord, type ReviewDecided } from "../../schemas/records/review.ts";
import type { Reviews } from "../../services/output-validate/reviews/reviews.ts";
import { TestCommands } from "../support/commands.ts";
import { providedByStandIn } from "../support/provided-by-stand-in.ts";
import { resultsIn } from "./books.ts";
import { digest, facts, published } from "./harnesses.ts";
import { MemoryLedger } from "./memory-ledger.ts";
import { inOrderOnce, Pipeline } from "./pipeline.ts";
import { allStages } from "./stages.ts";

const { standIn, providers } = await providedByStandIn();

const runId = "0199d000-0000-7000-8000-000000000001";
const timeoutMs = 60_000;
const rules = { when: "always", timeoutMs, onTimeout: "reject" } as const;

type Step = (around: Around) => void | Promise<void>;

interface Around {
  readonly pipeline: Pipeline;
  readonly commands: TestCommands;
  /** Lets so much time pass, as the owner of the reviews sees it, and has it look. */
  readonly wait: (ms: number) => Promise<void>;
  readonly decide: (decision: Partial<ReviewDecided>) => void;
}

interface Journey {
  readonly base?: HarnessDefinition;
  readonly changes?: Partial<HarnessDefinition>;
  /** Each is brought to rest before the next. */
  readonly steps: readonly Step[];
  readonly deaths?: readonly number[];
}

async function journey({ base = digest, changes = {}, steps, deaths = [] }: Journey) {
  await standIn.script({ rules: [] });
  const harness: HarnessDefinition = { ...base, review: rules, ...changes };
  const commands = new TestCommands();
  const clock = { passedMs: 0 };
  let watching: Reviews | undefined;
  const outside = {
    providers,
    ledger: new MemoryLedger(),
    definitions: published([harness]),
    commands,
    nowMs: () => Date.now() + clock.passedMs,
    onReviews: (reviews: Reviews) => (watching = reviews),
  };
  const pipeline = new Pipeline(allStages(outside));
  const schedule = { ...inOrderOnce, deaths: { "output-validate": deaths } };
  pipeline.publish("any", {
    run_id: runId,
    harness: harness.name,
    client_id: "acme",
    input: { document: "Of ropes." },
  });
  await pipeline.run(schedule);
  const wait = async (ms: number): Promise<void> => {
    clock.passedMs += ms;
    await watching?.look();
  };
  const decide = (decision: Partial<ReviewDecided>): void => append(pipeline, decision);
  for (const step of steps) {
    await step({ pipeline, commands, wait, decide });
    await pipeline.run(schedule);
  }
  pipeline.end();
  const [result] = resultsIn(pipeline.log);
  const [, ...others] = pipeline.log.values("harness-results").map((value) => runResult.parse(value).status);
  const reviews = pipeline.log.values("harness-reviews").map((value) => reviewRecord.parse(value));
  const audited = decisionsIn(pipeline.log);
  return {
    status: result?.status,
    output: result?.output,
    review: result?.review,
    /** Written after the result: none but repeats of it after a death. */
    others,
    kinds: reviews.map(({ kind }) => kind.slice("review.".length)),
    held: reviews.flatMap((review) => (review.kind === "review.held" ? [review.output] : []))[0],
    decisions: audited.flatMap(({ stage, decision }) => (stage === "output-validate" ? [decision] : [])),
    deaths: pipeline.deaths,
    letters: pipeline.log.records("harness-reviews-dlq").map(({ headers }) => headers["code"]),
  };
}

let decisions = 0;

function append(pipeline: Pipeline, decision: Partial<ReviewDecided>): void {
  const value: ReviewDecided = {
    kind: "review.decided",
    run_id: runId,
    decision_id: `decision-${(decisions += 1)}`,
    decision: "approve",
    reviewer: "ines",
    decided_at_ms: Date.now(),
    ...decision,
  };
  const headers = { ce_type: "breakwater.review.decided", ce_id: value.decision_id };
  pipeline.log.append({
    topic: "harness-reviews",
    key: value.run_id,
    value: Buffer.from(JSON.stringify(value)),
    headers,
  });
}

test("held: no result while nobody has decided, however long after the run's deadline", async () => {
  const found = await journey({
    changes: { review: { ...rules, timeoutMs: 10 * digest.deadlineMs } },
    steps: [({ wait }) => wait(2 * digest.deadlineMs)],
  });
  assert.deepEqual([found.status, found.kinds, found.decisions], [undefined, ["held"], ["in_review"]]);
});

test("approved: the answer is released as it was, with who decided", async () => {
  const found = await journey({ steps: [({ decide }) => decide({ reason: "fine" })] });
  assert.deepEqual([found.status, found.others], ["released", []]);
  assert.deepEqual(found.output, found.held);
  assert.deepEqual([found.review?.decision, found.review?.reviewer, found.review?.reason], ["approve", "ines", "fine"]);
  assert.deepEqual(found.decisions, ["in_review", "released"]);
});

test("edited: what the reviewer wrote is released", async () => {
  const output = { plain: "Ropes, in short." };
  const found = await journey({ steps: [({ decide }) => decide({ decision: "edit", output })] });
  assert.deepEqual([found.status, found.output, found.decisions], ["released", output, ["in_review", "released"]]);
});

test("an edit that breaks the contract is refused, and the answer stays held for the next decision", async () => {
  const output = { plain: { title: "Of ropes", year: "1841" } };
  const mended = { plain: { title: "Of ropes", year: 1841 } };
  const found = await journey({
    base: facts,
    steps: [
      ({ decide }) => decide({ decision: "edit", output }),
      ({ decide }) => decide({ decision: "edit", output: mended }),
    ],
  });
  assert.deepEqual([found.status, found.output, found.others], ["released", mended, []]);
  assert.deepEqual(found.decisions, ["in_review", "edit_refused", "released"]);
});

test("rejected: the run ends without an output", async () => {
  const found = await journey({ steps: [({ decide }) => decide({ decision: "reject", reason: "wrong" })] });
  assert.deepEqual([found.status, found.output, found.others], ["rejected", undefined, []]);
});

const timeOuts = [
  ["reject", "rejected"],
  ["release", "released"],
  ["fallback", "degraded"],
] as const;
for (const [onTimeout, status] of timeOuts) {
  test(`nobody decides: by ${onTimeout} the run ends ${status}, once, and a decision after that is too late`, async () => {
    const found = await journey({
      changes: { review: { ...rules, onTimeout } },
      steps: [
        ({ wait }) => wait(timeoutMs - 1000),
        ({ wait }) => wait(1000),
        ({ wait }) => wait(1000),
        ({ decide }) => decide({}),
      ],
    });
    assert.deepEqual([found.status, found.others, found.review?.decision], [status, [], "timed_out"]);
    assert.deepEqual(found.kinds, ["held", "decided", "decided"]);
    assert.deepEqual(found.decisions, ["in_review", status, "review_late"]);
    const given = { reject: undefined, release: found.held, fallback: { plain: digest.fallbackAnswer } };
    assert.deepEqual(found.output, given[onTimeout]);
  });
}

test("an answer that waits long is marked once, and still decided on", async () => {
  const review = { ...rules, escalateAfterMs: 5000 };
  const pass: Step = ({ wait }) => wait(5000);
  const found = await journey({ changes: { review }, steps: [pass, pass, ({ decide }) => decide({})] });
  assert.deepEqual([found.status, found.kinds], ["released", ["held", "escalated", "decided"]]);
});

test("two reviewers at once: the first by offset counts, the other is told of", async () => {
  const both: Step = ({ decide }) => {
    decide({ decision: "reject", reviewer: "omar" });
    decide({ reviewer: "ines" });
  };
  const found = await journey({ steps: [both] });
  assert.deepEqual([found.status, found.others, found.review?.reviewer], ["rejected", [], "omar"]);
  assert.deepEqual(found.decisions.toSorted(), ["in_review", "rejected", "review_late"]);
});

test("the same decision twice is one, and is not called late", async () => {
  const twice: Step = ({ decide }) => {
    decide({ decision_id: "once" });
    decide({ decision_id: "once" });
  };
  const found = await journey({ steps: [twice] });
  assert.deepEqual([found.status, found.others, found.decisions], ["released", [], ["in_review", "released"]]);
});

test("cancelled while it is held: the run ends as cancelled", async () => {
  const found = await journey({
    steps: [({ commands }) => commands.order({ scope: "run", run_id: runId }, "not needed"), ({ wait }) => wait(1000)],
  });
  assert.deepEqual([found.status, found.output, found.others], ["cancelled", undefined, []]);
});

test("a decision on a run of which nothing is held goes to the operator", async () => {
  const found = await journey({ steps: [({ decide }) => decide({ run_id: "0199d000-0000-7000-8000-00000000000f" })] });
  assert.deepEqual([found.status, found.letters], [undefined, ["review_unknown"]]);
});

for (let death = 1; death <= 4; death++) {
  test(`output-validate dies at its write ${death}: one result, and nothing of the review is lost`, async () => {
    const found = await journey({ deaths: [death], steps: [({ decide }) => decide({})] });
    assert.equal(found.deaths, 1);
    assert.deepEqual([...new Set([found.status, ...found.others])], ["released"]);
    assert.deepEqual(found.output, found.held);
  });

  test(`it dies at its write ${death}, and the next owner knows when the review is over`, async () => {
    const found = await journey({ deaths: [death], steps: [({ wait }) => wait(timeoutMs)] });
    if (death <= 2) assert.equal(found.deaths, 1);
    assert.deepEqual([...new Set([found.status, ...found.others])], ["rejected"]);
    assert.equal(found.review?.decision, "timed_out");
  });
}
