/**
 * What the embedded system says about itself: the file `embedded.json` in
 * BREAKWATER_HOME, and the messages it sends to the process that started it.
 * Written by infra/embedded/main.ts, read by the CLI.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { processIdentity } from "./process-identity.ts";

export const embeddedParts = ["kafka", "clickhouse", "registry", "stand-in"] as const;
export type EmbeddedPart = (typeof embeddedParts)[number];

const part = z.enum(embeddedParts);

export const embeddedState = z.object({
  pid: z.int().positive(),
  identity: z.string().describe("Start time and command line of that process"),
  startedAt: z.string(),
  ready: z.boolean(),
  addresses: z.partialRecord(part, z.string()),
  processes: z.array(z.object({ part, pid: z.int().positive(), identity: z.string() })).describe("Its children"),
});
export type EmbeddedState = z.infer<typeof embeddedState>;

export const embeddedMessage = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("starting"), part }),
  z.object({ kind: z.literal("started"), part, address: z.string(), tookMs: z.int() }),
  z.object({ kind: z.literal("restarted"), part, address: z.string() }),
  z.object({ kind: z.literal("ready"), addresses: embeddedState.shape.addresses }),
  z.object({ kind: z.literal("taken"), pid: z.int(), since: z.string() }),
  z.object({ kind: z.literal("cleaned"), part, pid: z.int() }),
  z.object({ kind: z.literal("failed"), part: part.optional(), message: z.string() }),
]);
export type EmbeddedMessage = z.infer<typeof embeddedMessage>;

export function embeddedStateFile(home: string): string {
  return path.join(home, "embedded.json");
}

/** null when there is no such file, or it is not one of ours. */
export function readEmbeddedState(home: string): EmbeddedState | null {
  try {
    return embeddedState.parse(JSON.parse(readFileSync(embeddedStateFile(home), "utf8")));
  } catch {
    return null;
  }
}

/** The addresses of a system that runs now; null when none does. */
export function liveEmbeddedState(home: string): EmbeddedState | null {
  const state = readEmbeddedState(home);
  if (state === null || !state.ready) return null;
  return processIdentity(state.pid) === state.identity ? state : null;
}
