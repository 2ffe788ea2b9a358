/**
 * The laws of held answers: each is given as the first decision by offset that
 * can stand says, and not before; nothing is given that was held and not
 * decided. Like the auditor it shares nothing with the product but the shapes.
 */
import type { ReviewDecided, ReviewHeld, ReviewRecord } from "../../schemas/records/review.ts";
import type { RunResult } from "../../schemas/records/run-result.ts";

export interface PlacedReview {
  readonly partition: number;
  readonly offset: bigint;
  readonly record: ReviewRecord;
}

/** Whether an edited output keeps its contract, as whoever wrote it knows. */
export type CanStand = (decision: ReviewDecided) => boolean;

export interface Course {
  /** The first by offset. */
  readonly held: ReviewHeld;
  /** The decision that counts. */
  readonly decided: (Omit<PlacedReview, "record"> & { readonly decision: ReviewDecided }) | null;
}

/** What became of each answer that was held, by run. */
export function coursesOf(reviews: readonly PlacedReview[], canStand: CanStand): ReadonlyMap<string, Course> {
  const courses = new Map<string, Course>();
  for (const { record, ...place } of reviews.toSorted((left, right) => (left.offset < right.offset ? -1 : 1))) {
    const known = courses.get(record.run_id);
    if (record.kind === "review.held") courses.set(record.run_id, known ?? { held: record, decided: null });
    if (record.kind !== "review.decided" || known === undefined || known.decided !== null) continue;
    if (canStand(record)) courses.set(record.run_id, { ...known, decided: { ...place, decision: record } });
  }
  return courses;
}

/** `results`: the first of each run by offset. */
export function auditReviews(
  reviews: readonly PlacedReview[],
  results: readonly RunResult[],
  canStand: CanStand = () => true,
): string[] {
  const courses = coursesOf(reviews, canStand);
  const ended = new Set(results.map(({ run_id: runId }) => runId));
  return [
    ...results.flatMap((result) => auditEnd(result, courses.get(result.run_id))),
    ...[...courses.keys()].flatMap((runId) => (ended.has(runId) ? [] : [`held, and no result: ${runId}`])),
    ...heldOtherwise(reviews, courses),
  ];
}

function auditEnd(result: RunResult, course: Course | undefined): string[] {
  const { run_id: runId, status } = result;
  const isOfReview = status === "released" || status === "rejected";
  if (course === undefined) return isOfReview ? [`${status}, and never held: ${runId}`] : [];
  if (course.decided === null) return [`${status}, and nobody decided: ${runId}`];
  const { held, decided } = course;
  const { decision } = decided;
  const owed = owedTo(held, decision);
  const given = JSON.stringify(result.output ?? null);
  return [
    ...(status === owed.status ? [] : [`${status} where the first decision is ${decision.decision}: ${runId}`]),
    ...(given === JSON.stringify(owed.output ?? null) ? [] : [`given is not what was ${decision.decision}d: ${runId}`]),
    ...(result.review?.reviewer === decision.reviewer ? [] : [`decided by ${result.review?.reviewer}: ${runId}`]),
    ...(result.finished_at_ms >= decision.decided_at_ms ? [] : [`given before it was decided: ${runId}`]),
  ];
}

function owedTo(held: ReviewHeld, { decision, output }: ReviewDecided): Pick<RunResult, "status" | "output"> {
  switch (decision) {
    case "approve":
      return { status: "released", output: held.output };
    case "edit":
      return { status: "released", output };
    case "reject":
      return { status: "rejected" };
    case "cancelled":
      return { status: "cancelled" };
    case "timed_out": {
      if (held.on_timeout === "release") return { status: "released", output: held.output };
      if (held.on_timeout === "reject") return { status: "rejected" };
      const fallback = held.fallback_answer;
      return { status: "degraded", ...(fallback === undefined ? {} : { output: { plain: fallback } }) };
    }
  }
}

/** A repeat of what was held holds the same answer. */
function heldOtherwise(reviews: readonly PlacedReview[], courses: ReadonlyMap<string, Course>): string[] {
  return reviews.flatMap(({ record }) => {
    if (record.kind !== "review.held") return [];
    const first = JSON.stringify(courses.get(record.run_id)?.held.output);
    return first === JSON.stringify(record.output) ? [] : [`two different answers held: ${record.run_id}`];
  });
}
