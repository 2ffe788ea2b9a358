/**
 * The people of the matrix: they read what is held, as it comes, and write
 * their decisions: most approve, some reject, some mend, one breaks the
 * contract first, and over some answers two of them disagree. What a run gets
 * is told by its id, so that a seed's runs get the same whoever looks first.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { reviewRecord, type ReviewDecided } from "../../schemas/records/review.ts";
import type { Emission } from "../../services/runtime/stage.ts";
import type { Scene } from "./point.ts";

const lookEveryMs = 100;
const mended = { plain: { topic: "mended", words: 1 } };
const broken = { plain: { topic: "broken" } };

/** The decisions about a run, in their order. */
function decisionsOn(runId: string): readonly ReviewDecided[] {
  const one = (reviewer: string, what: Pick<ReviewDecided, "decision" | "output">): ReviewDecided => ({
    kind: "review.decided",
    run_id: runId,
    decision_id: `${runId}/${reviewer}/${what.decision}`,
    reviewer,
    decided_at_ms: Date.now(),
    ...what,
  });
  const approve = one("ines", { decision: "approve" });
  switch (Number.parseInt(runId.slice(-1), 16)) {
    case 0:
    case 1:
      return [one("omar", { decision: "reject" })];
    case 2:
      return [one("omar", { decision: "reject" }), approve];
    case 3:
      return [approve, one("omar", { decision: "reject" }), approve];
    case 4:
      return [one("ines", { decision: "edit", output: mended })];
    case 5:
      return [one("ines", { decision: "edit", output: broken }), one("omar", { decision: "reject" })];
    default:
      return [approve];
  }
}

/** Whether a decision can stand: an edit that keeps the contract of the matrix's harnesses, or no edit. */
export function keepsContract({ decision, output }: ReviewDecided): boolean {
  return decision !== "edit" || JSON.stringify(output) === JSON.stringify(mended);
}

export interface Reviewers {
  /** How many runs were decided about. */
  readonly decided: () => number;
  readonly leave: () => Promise<void>;
}

/** At work until they leave. */
export function openReviewers({ system, since }: Pick<Scene, "system" | "since">): Reviewers {
  const { stages } = system.whole;
  const decided = new Set<string>();
  let isOpen = true;
  const look = async (): Promise<void> => {
    const records = await stages.records("harness-reviews", since.ends.get("harness-reviews"));
    const emissions = records.flatMap(({ value }): Emission[] => {
      const { kind, run_id: runId } = reviewRecord.parse(JSON.parse(String(value)));
      if (kind !== "review.held" || decided.has(runId)) return [];
      decided.add(runId);
      return decisionsOn(runId).map((decision, at) => ({
        topic: "harness-reviews",
        key: runId,
        id: `${decision.decision_id}/${at}`,
        type: "breakwater.review.decided",
        value: decision,
      }));
    });
    if (emissions.length > 0) await stages.producer.publish(emissions);
  };
  const work = (async () => {
    while (isOpen) {
      await look();
      await sleep(lookEveryMs);
    }
  })();
  return {
    decided: () => decided.size,
    leave: async () => {
      isOpen = false;
      await work;
    },
  };
}
