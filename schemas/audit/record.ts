/** What stands on harness-audit. Each kind has an `event_id` that recognises a repeat, and never holds content. */
import { z } from "zod";
import { auditCall } from "./call.ts";
import { auditChange } from "./change.ts";
import { auditDecision } from "./decision.ts";
import { auditErasure } from "./erasure.ts";

export const auditRecord = z.discriminatedUnion("kind", [auditDecision, auditCall, auditChange, auditErasure]);

export type AuditRecord = z.infer<typeof auditRecord>;
