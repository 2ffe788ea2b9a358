/**
 * What an operator orders, on harness-commands: a pause, in force until it is
 * deleted, or a cancellation, needed only as long as what it cancels can still
 * be in the flow. The key is the target, so that the same order twice is one
 * record and the order that ends it is a tombstone.
 */
import { z } from "zod";
import { providerName } from "../parts/codes.ts";
import { attribution, documentRef, harnessRef } from "../parts/identity.ts";

const clientId = attribution.shape.client_id;

export const pauseTarget = z.discriminatedUnion("scope", [
  z.object({ scope: z.literal("client"), client_id: clientId }),
  z.object({ scope: z.literal("harness"), harness: harnessRef.shape.name }),
  z.object({
    scope: z.literal("provider"),
    provider: providerName,
    model: z.string().min(1).max(128).optional().describe("All of the provider's models when absent"),
  }),
]);

export const cancelTarget = z.discriminatedUnion("scope", [
  z.object({ scope: z.literal("run"), run_id: z.uuid() }),
  z.object({ scope: z.literal("batch"), client_id: clientId, batch_id: documentRef.shape.batch_id }),
]);

const ordered = {
  why: z.string().min(1).max(200).optional().describe("The operator's words; they come with the results"),
  ordered_at_ms: z.int().describe("By the clock of whoever ordered it, Unix milliseconds"),
};

export const commandRecord = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("pause"), target: pauseTarget, ...ordered }),
  z.object({
    kind: z.literal("cancel"),
    target: cancelTarget,
    ...ordered,
    until_ms: z.int().describe("Nothing of it can be in the flow after this: whoever orders next deletes the record"),
  }),
]);

export type PauseTarget = z.infer<typeof pauseTarget>;
export type CancelTarget = z.infer<typeof cancelTarget>;
export type CommandRecord = z.infer<typeof commandRecord>;

/** The record's key: a JSON list, as any of its parts may hold any character. */
export function commandKey(target: PauseTarget | CancelTarget): string {
  switch (target.scope) {
    case "client":
      return key("pause", "client", target.client_id);
    case "harness":
      return key("pause", "harness", target.harness);
    case "provider":
      return key("pause", "provider", target.provider, ...(target.model === undefined ? [] : [target.model]));
    case "run":
      return key("cancel", "run", target.run_id);
    case "batch":
      return key("cancel", "batch", target.client_id, target.batch_id);
  }
}

function key(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}
