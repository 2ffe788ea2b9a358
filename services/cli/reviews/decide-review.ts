/**
 * `reviews approve | edit | reject`: writes a decision, then reads back whether
 * it is the one that counts: another reviewer, or the clock, may have been
 * first. An edited output is held to its contract before it is written; what
 * guards find in it is shown to who wrote it, and stops nothing.
 */
import { z } from "zod";
import { v7 } from "uuid";
import type { GuardReport } from "../../../schemas/parts/finding.ts";
import { maxReviewReasonChars, reviewDecided, type ReviewDecided } from "../../../schemas/records/review.ts";
import { judgeEdit } from "../../output-validate/reviews/judge-edit.ts";
import { findInEdit } from "../../output-validate/reviews/find-in-edit.ts";
import { parseJson } from "../../output-validate/rules/json-value.ts";
import { readText } from "../commands/publish.ts";
import { withKafka, type KafkaConnection } from "../connections.ts";
import { readHarnesses } from "../control-topic.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { parseOptions, type CommandAction, type CommandContext, type CommandWords } from "../program/command.ts";
import { printableLines } from "../screen.ts";
import { reviewOf, reviewsTopic, type HeldItem } from "./read-reviews.ts";
import { describeDecision, nothingHeld, runIdIn } from "./show-reviews.ts";

const tooLong = `at most ${maxReviewReasonChars} characters`;
const decisionOptions = z.object({
  reviewer: z.string().min(1).max(128, "at most 128 characters"),
  reason: z.string().min(1).max(maxReviewReasonChars, tooLong).optional(),
  output: z.string().optional(),
});

interface Asked {
  readonly decision: "approve" | "edit" | "reject";
  readonly reviewer: string;
  readonly reason?: string | undefined;
  /** As written, of an edit. */
  readonly text?: string;
}

export type ReviewTopic = Pick<KafkaConnection, "producer"> & { readonly reader: Parameters<typeof reviewOf>[0] };

export const approveReview: CommandAction = (context, given) => decideBy("approve", context, given);
export const rejectReview: CommandAction = (context, given) => decideBy("reject", context, given);
export const editReview: CommandAction = (context, given) => decideBy("edit", context, given);

async function decideBy(
  decision: Asked["decision"],
  { screen, env }: CommandContext,
  { words, options }: CommandWords,
) {
  const runId = runIdIn(words);
  const { reviewer, reason, output } = parseOptions(decisionOptions, options);
  const text = decision === "edit" && output !== undefined ? { text: await readText(output) } : {};
  const { counted, item, found } = await withKafka(env, async (kafka) => {
    const decided = await decide(kafka, runId, { decision, reviewer, reason, ...text });
    return { ...decided, found: decided.counted ? await foundIn(kafka.reader, decided.item) : [] };
  });
  screen.document({ run_id: runId, counted, decision: item.decision, ...(found.length > 0 && { guards: found }) });
  const said = item.decision === null ? "" : describeDecision(item.decision);
  for (const line of findingLines(found)) screen.note(line);
  screen.result(counted ? `${runId}: ${said}` : `Too late: ${runId} was decided before: ${said}`);
  return counted ? exitCodes.ok : exitCodes.notOk;
}

/** What guards find in what was written, by the definition that the run is pinned to. */
export async function foundIn(
  reader: ReviewTopic["reader"],
  { held: { harness }, decision }: HeldItem,
): Promise<readonly GuardReport[]> {
  const output = decision?.decision === "edit" ? decision.output : undefined;
  if (output === undefined || !("plain" in output)) return [];
  const { all } = await readHarnesses(reader);
  return findInEdit(output.plain, all.get(`${harness.name}@${harness.version}`)?.definition);
}

/** `noted: leak.canary in answer/title: the answer holds a mark of its instructions` */
export function findingLines(reports: readonly GuardReport[]): readonly string[] {
  return reports.flatMap(({ guard, verdict, findings, detail = "" }) => [
    ...(verdict === "not_run" ? [`not looked at by ${guard}: ${detail}`] : []),
    ...findings.map(({ rule, field = "answer", message = rule }) =>
      printableLines(`noted: ${rule} in ${field}: ${message}`),
    ),
  ]);
}

/** Errors: CommandError when nothing is held, or an edit breaks the contract. */
export async function decide(
  kafka: ReviewTopic,
  runId: string,
  asked: Asked,
): Promise<{ readonly counted: boolean; readonly item: HeldItem }> {
  const before = await reviewOf(kafka.reader, runId);
  if (before === null) throw nothingHeld(runId);
  if (before.decision !== null) return { counted: false, item: before };
  const value = decisionOf(before, asked);
  const { publish } = await kafka.producer();
  const type = "breakwater.review.decided";
  await publish([{ topic: reviewsTopic, key: runId, id: value.decision_id, type, value }]);
  const item = await reviewOf(kafka.reader, runId);
  if (item === null) throw nothingHeld(runId);
  return { counted: item.decision?.decision_id === value.decision_id, item };
}

function decisionOf({ held }: HeldItem, { decision, reviewer, reason, text }: Asked): ReviewDecided {
  const said = { kind: "review.decided", run_id: held.run_id, decision_id: v7(), decision, reviewer, reason };
  const output = decision === "edit" ? { output: { plain: editedOutput(text ?? "", held.contract) } } : {};
  return reviewDecided.parse({ ...said, decided_at_ms: Date.now(), ...output });
}

/** Errors: CommandError that names each field and the rule it breaks. */
export function editedOutput(text: string, contract: HeldItem["held"]["contract"]) {
  const read = contract.format === "text" ? { kind: "value" as const, value: text.trimEnd() } : parseJson(text);
  if (read.kind !== "value") throw new CommandError(exitCodes.usage, "the edited output is not valid JSON");
  if ("duplicateKeys" in read && read.duplicateKeys)
    throw new CommandError(exitCodes.usage, "the edited output gives the same key of an object twice");
  const { reasons } = judgeEdit(read.value, contract);
  if (reasons.length === 0) return read.value;
  const lines = reasons.map(({ path, message, rule }) => {
    const where = path === undefined || path === "" ? "" : `${path}: `;
    return `  ${where}${message}${rule === undefined ? "" : ` (${rule})`}`;
  });
  throw new CommandError(
    exitCodes.usage,
    ["the edited output breaks the contract; nothing was published:", ...lines].join("\n"),
  );
}
