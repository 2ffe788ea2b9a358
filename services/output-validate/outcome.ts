/** Turns a decision into records: a terminal result or the next attempt, and the dead letter of what the operator must see. */
import type { Reason } from "../../schemas/parts/finding.ts";
import type { DeadLetter, Outcome } from "../runtime/stage.ts";
import type { Decision, SettlingFinish } from "./decide.ts";
import { heldOf } from "./reviews/held-record.ts";
import { reasonsOf, resultOf, retryOf, type Ending } from "./records.ts";

export function outcomeOf(finish: SettlingFinish, decision: Decision, nowMs: number): Outcome {
  const end = (ending: Omit<Ending, "nowMs">): Outcome => ({
    emissions: [resultOf(finish, decision, { ...ending, nowMs })],
  });
  switch (decision.kind) {
    case "accepted":
      return end({ status: "ok", output: decision.output });
    case "held":
      return { emissions: [heldOf(finish, decision, nowMs)] };
    case "retry":
      return { emissions: [retryOf(decision.task)] };
    case "failed":
      return {
        ...end({ status: "failed_validation" }),
        deadLetter: letter("attempts_exhausted", "exhausted", reasonsOf(finish, decision)),
      };
    case "degraded":
      return end({ status: "degraded", output: decision.output });
    case "expired":
    case "cancelled":
      return end({ status: decision.kind });
    case "undecidable":
      return { ...end({ status: "degraded" }), deadLetter: letter(decision.code, "rejected", decision.reasons) };
  }
}

/** Says which attempt a reason is about, where there were several. */
function letter(
  code: DeadLetter["code"],
  disposition: DeadLetter["disposition"],
  reasons: readonly Reason[],
): DeadLetter {
  const attempts = [...Map.groupBy(reasons, ({ attempt }) => attempt)].map(([attempt, ofIt]) => {
    const errors = ofIt.map((reason) => [reason.code, reason.path, reason.rule].filter(Boolean).join(" ")).join("; ");
    return attempt === undefined ? errors : `attempt ${attempt}: ${errors}`;
  });
  return { code, disposition, message: attempts.join("; ") };
}
