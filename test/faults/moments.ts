/**
 * The moments in a stage's process at which it can be hit from outside, and the
 * order to hit it: what the preload (preload.ts) and the matrix share.
 */
import { z } from "zod";

/** Where a record is on its way to the log; `type` is its CloudEvents type, any when absent. */
const ofRecord = { topic: z.string(), type: z.string().optional() };

export const moment = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("publishing"), ...ofRecord }).describe("Handed over, nothing is sent"),
  z.object({ kind: z.literal("published"), ...ofRecord }).describe("Acknowledged, nothing has come of it yet"),
  z.object({ kind: z.literal("committing") }).describe("The commit is sent, its answer is not here"),
  z.object({ kind: z.literal("requested"), path: z.string() }).describe("An HTTP request has left"),
  z.object({ kind: z.literal("answered"), path: z.string() }).describe("The head of its answer is here"),
]);

export const signals = ["SIGKILL", "SIGSTOP", "SIGTERM"] as const;

export const hit = z.object({
  moment,
  /** The how manieth time, 1 first. */
  nth: z.int().positive(),
  signal: z.enum(signals),
});

/** Written down by the process just before it is hit. */
export const firing = z.object({ atMs: z.number() });

export type Moment = z.infer<typeof moment>;
export type Hit = z.infer<typeof hit>;
export type HitSignal = Hit["signal"];
