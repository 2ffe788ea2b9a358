/**
 * The moments in a stage's process at which it can be hit from outside, the
 * order to hit it, and the environment in which it takes such an order: what the
 * preload (preload.ts) shares with those who give orders.
 */
import path from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";

const preload = pathToFileURL(path.join(import.meta.dirname, "preload.ts")).href;

/** Of a process that is hit when and as `orderFile` says, once it is written. */
export function exposed(orderFile: string): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--import=${preload}`, FAULT_ORDER_FILE: orderFile };
}

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
