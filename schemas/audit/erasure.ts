/**
 * The erasure of a key that a data subject's content was sealed under, on
 * harness-audit: asked for, written before the key's tombstone; complete, when
 * the wrapped key is on the broker's disk no more. The subject is named by an
 * HMAC alone: who has the key and the name can show that they belong together.
 */
import { z } from "zod";
import { contentKeyId } from "../control/content-key.ts";
import { actor } from "./change.ts";

export const auditErasure = z.object({
  kind: z.literal("erasure"),
  event_id: z.string().describe("Derived from key and state: a repeat is recognised"),
  decided_at_ms: z.int().describe("By the clock of whoever erases, Unix milliseconds"),
  by: actor,
  state: z.enum(["asked", "complete"]),
  key_id: contentKeyId.describe("As in the boxes that nobody opens any more"),
  client_id: z.string(),
  subject_hmac: z.string().optional().describe("Of the data subject's id; absent without a secret key"),
  why: z.string().optional().describe("The operator's words"),
});

export type AuditErasure = z.infer<typeof auditErasure>;
