/**
 * Where the last good answer to an input stands on harness-results, for
 * harnesses that give it when no model answers. It is no copy: the answer is
 * read from its own result, and when that is gone or sealed there is none. A
 * record without a value takes the pointer of its key back.
 */
import { z } from "zod";

/** HMAC over client, harness version, data subject, input and options as they came in: equal for equal runs, and tells nothing else. */
export const answerKey = z.string().regex(/^[0-9a-f]{32}$/);

export const answerPointer = z.object({
  kind: z.literal("answer"),
  answer_key: answerKey,
  run_id: z.uuid().describe("The run that was answered"),
  partition: z.int().nonnegative().describe("Of its result on harness-results"),
  offset: z.string().regex(/^\d{1,15}$/),
  finished_at_ms: z.int(),
});

export type AnswerPointer = z.infer<typeof answerPointer>;
