/**
 * Something that an operator changed, on harness-audit: a definition, a pack, a
 * budget, a price, a key, a pause or a cancellation; or what the operator had done:
 * dead letters replayed, calls repriced, evidence exported. It is written before
 * that happens: what fails in between was told and not done. It never holds a
 * key, only its id.
 */
import { z } from "zod";

export const actor = z.object({
  kind: z
    .enum(["user", "api_key", "service"])
    .describe("The operating system's user of a command, a key of the gateway, or a service by its own clock"),
  id: z.string().min(1).max(128).describe("The user's name, the key's id, or the service's name"),
});

export const auditChange = z.object({
  kind: z.literal("change"),
  event_id: z.string(),
  decided_at_ms: z.int().describe("By the clock of whoever changed it, Unix milliseconds"),
  by: actor,
  action: z
    .string()
    .describe(
      "harness.applied, harness.canary, harness.shadow, signatures.applied, budget.set, budget.unset, price.set, price.unset, paused, resumed, run.cancelled, batch.cancelled, key.created, key.rotated, key.revoked, dead_letter.replayed, dead_letter.mended, calls.repriced, audit.exported ...",
    ),
  target: z.string().describe("The name or the id of what was changed"),
  version: z
    .string()
    .optional()
    .describe("Of what is in force from now on: a version, or the first 16 hex digits of its hash"),
  previous: z.string().optional().describe("Likewise, of what was in force before; absent when nothing was"),
  run_id: z.uuid().optional(),
  client_id: z.string().optional().describe("Whom it is about, where it is about one"),
  why: z.string().optional().describe("The operator's words"),
});

export type Actor = z.infer<typeof actor>;
export type AuditChange = z.infer<typeof auditChange>;
