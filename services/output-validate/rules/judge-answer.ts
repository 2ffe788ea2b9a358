/**
 * Runs an answer through the output guards in their order: size, format,
 * contract. Combines what they found; each guard's own file says how it finds
 * it. Every guard is in the reports, also when it had nothing to run on.
 */
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import type { GuardReport, Reason } from "../../../schemas/parts/finding.ts";
import { cutOff, tooLarge } from "./answer-size.ts";
import { contractNotRun, judgeContract } from "./contract.ts";
import type { JsonValue } from "./json-value.ts";
import { readOutput } from "./read-output.ts";

export interface Answer {
  readonly text: string;
  /** The provider's own word for why it stopped. */
  readonly finishReason: string | undefined;
}

export type Judgement =
  | { readonly kind: "accepted"; readonly output: JsonValue; readonly guards: readonly GuardReport[] }
  | { readonly kind: "rejected"; readonly reasons: readonly Reason[]; readonly guards: readonly GuardReport[] };

type Rules = Pick<HarnessDefinition, "knobs" | "output">;

export function judgeAnswer(answer: Answer, rules: Rules): Judgement {
  const oversize = tooLarge(answer.text);
  if (oversize !== null) return rejectedForSize([oversize], []);
  const read = readOutput(answer.text, rules);
  const cut = cutOff(answer.finishReason, rules.output.maxTokens);
  // A JSON value that closes is whole, whatever the limit cut off behind it.
  if (cut !== null && rules.output.format === "text") return rejectedForSize([cut], [read.report]);
  if (read.kind === "unreadable") {
    const reasons = cut === null ? [read.reason] : [cut, read.reason];
    return { kind: "rejected", reasons, guards: [read.report, contractNotRun("the answer could not be read")] };
  }
  const { reasons, report } = judgeContract(read.value, rules.output);
  const guards = [read.report, report];
  return reasons.length === 0
    ? { kind: "accepted", output: read.value, guards }
    : { kind: "rejected", reasons, guards };
}

function rejectedForSize(reasons: readonly Reason[], earlier: readonly GuardReport[]): Judgement {
  const findings = reasons.map(({ code, message }) => ({
    rule: code,
    version: "1",
    severity: "high" as const,
    field: "answer",
    message,
  }));
  const size: GuardReport = { guard: "output_size", verdict: "failed", findings };
  return { kind: "rejected", reasons, guards: [...earlier, size, contractNotRun("the answer is not whole")] };
}
