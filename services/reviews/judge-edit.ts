/**
 * Holds an output that a reviewer wrote to what any output of its harness must
 * keep: its size, its kind, its contract; and makes it safe for where it goes.
 * What guards find in it (find-in-edit.ts) decides nothing: a person has read it.
 */
import type { GuardReport, Reason } from "../../schemas/parts/finding.ts";
import type { ReviewHeld } from "../../schemas/records/review.ts";
import { sanitiseOutput } from "../guards/output/sanitise-output.ts";
import { tooLarge } from "../guards/output/answer-size.ts";
import { contractNotRun, judgeContract } from "../guards/output/judge-contract.ts";
import type { JsonValue } from "../guards/output/json-value.ts";

export interface EditJudgement {
  /** As it is given. */
  readonly output: JsonValue;
  /** Empty: it may be given. */
  readonly reasons: readonly Reason[];
  readonly guards: readonly GuardReport[];
}

export function judgeEdit(written: JsonValue, contract: ReviewHeld["contract"]): EditJudgement {
  const { value: output, report: safe, fault: unsafe } = sanitiseOutput(written, contract);
  const fault = unsafe ?? faultOf(output, contract.format);
  const { reasons, report } =
    fault === null ? judgeContract(written, contract) : { reasons: [fault], report: contractNotRun(fault.message) };
  return { output, reasons, guards: [report, safe] };
}

function faultOf(output: JsonValue, format: ReviewHeld["contract"]["format"]): Reason | null {
  if (format === "json") return tooLarge(JSON.stringify(output));
  if (typeof output !== "string") return { code: "answer_not_text", message: "the output must be text" };
  return output.trim() === "" ? { code: "answer_blank", message: "the answer is blank" } : tooLarge(output);
}
