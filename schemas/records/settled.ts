/**
 * A tiny mark on harness-settled that an attempt is over: a new owner of the
 * partition reads the last hour of them and never pays such an attempt again.
 */
import { z } from "zod";

export const settledMark = z.object({
  kind: z.literal("settled"),
  run_id: z.uuid(),
  attempt: z.int().min(1).max(3),
  body_sha256: z.string(),
  calls_offset: z.string().nullable().describe("Offset of the settling finish; null when no call was made"),
});

export type SettledMark = z.infer<typeof settledMark>;
