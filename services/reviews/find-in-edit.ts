/**
 * What guards find in an output that a reviewer wrote: shown to who wrote it
 * and noted in the audit, and nothing more, as a person has decided. It is held
 * against the harness's own instructions, its marks and the kinds of content
 * that its policy looks for; what the run was given is not kept with what is held.
 */
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import type { GuardReport } from "../../schemas/parts/finding.ts";
import { answerTexts } from "../guards/output/answer-texts.ts";
import { judgeContent } from "../guards/output/judge-content.ts";
import { judgeLeaks } from "../guards/output/judge-leaks.ts";
import type { JsonValue } from "../guards/output/json-value.ts";

/** `definition`: undefined when the one that the run was pinned to is gone. */
export function findInEdit(
  output: JsonValue,
  definition: Pick<HarnessDefinition, "knobs" | "prompt"> | undefined,
): readonly GuardReport[] {
  if (definition === undefined) return [notRun("leaks"), notRun("content")];
  const texts = answerTexts(output);
  const instructions = { role: "system" as const, content: definition.prompt.system };
  const leaks = judgeLeaks(texts, [instructions], definition);
  const content = judgeContent(texts, definition.knobs.content);
  return [leaks.report, content.report].map(noted);
}

/** Whatever the policy wants done about a model's answer, of a person's it is only noted. */
function noted({ findings, ...report }: GuardReport): GuardReport {
  if (findings.length === 0) return { ...report, findings };
  return { ...report, verdict: "flagged", findings: findings.map((finding) => ({ ...finding, action: "flag" })) };
}

function notRun(guard: string): GuardReport {
  return { guard, verdict: "not_run", findings: [], detail: "the harness's pinned definition is gone" };
}
