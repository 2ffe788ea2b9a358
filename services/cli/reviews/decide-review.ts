/**
 * `reviews approve | edit | reject`: writes a decision, then reads back whether
 * it is the one that counts: another reviewer, or the clock, may have been
 * first. An edited output is held to its contract before it is written; what
 * guards find in it is shown to who wrote it, and stops nothing.
 */
import { z } from "zod";
import type { GuardReport, Reason } from "../../../schemas/parts/finding.ts";
import { maxReviewReasonChars } from "../../../schemas/records/review.ts";
import { decideReview, type AskedDecision, type DecidedItem } from "../../reviews/decide-review.ts";
import { findInEdit } from "../../reviews/find-in-edit.ts";
import { reviewOf, type HeldItem } from "../../reviews/read-reviews.ts";
import { readText } from "../commands/publish.ts";
import { withKafka, type KafkaConnection } from "../connections.ts";
import { readHarnesses } from "../control-topic.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { parseOptions, type CommandAction, type CommandContext, type CommandWords } from "../program/command.ts";
import { printableLines } from "../screen.ts";
import { describeDecision, nothingHeld, runIdIn } from "./show-reviews.ts";

const tooLong = `at most ${maxReviewReasonChars} characters`;
const decisionOptions = z.object({
  reviewer: z.string().min(1).max(128, "at most 128 characters"),
  reason: z.string().min(1).max(maxReviewReasonChars, tooLong).optional(),
  output: z.string().optional(),
});

export type ReviewTopic = Pick<KafkaConnection, "producer"> & { readonly reader: Parameters<typeof reviewOf>[0] };

export const approveReview: CommandAction = (context, given) => decideBy("approve", context, given);
export const rejectReview: CommandAction = (context, given) => decideBy("reject", context, given);
export const editReview: CommandAction = (context, given) => decideBy("edit", context, given);

async function decideBy(
  decision: AskedDecision["decision"],
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
  const said = describeDecision(item.decision);
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
  asked: AskedDecision,
): Promise<{ readonly counted: boolean; readonly item: DecidedItem }> {
  const outcome = await decideReview(
    {
      find: (id) => reviewOf(kafka.reader, id),
      publish: async (emissions) => (await kafka.producer()).publish(emissions),
      nowMs: Date.now,
    },
    runId,
    asked,
  );
  switch (outcome.kind) {
    case "unknown":
      throw nothingHeld(runId);
    case "broken":
      throw new CommandError(exitCodes.usage, brokenEdit(outcome.reasons));
    case "counts":
    case "too_late":
      return { counted: outcome.kind === "counts", item: outcome.item };
  }
}

/** Each field and the rule it breaks. */
function brokenEdit(reasons: readonly Reason[]): string {
  const lines = reasons.map(({ path, message, rule }) => {
    const where = path === undefined || path === "" ? "" : `${path}: `;
    return `  ${where}${message}${rule === undefined ? "" : ` (${rule})`}`;
  });
  return ["the edited output breaks the contract; nothing was published:", ...lines].join("\n");
}
