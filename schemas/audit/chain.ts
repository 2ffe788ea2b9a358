/**
 * The sealed audit, on harness-audit-chain: a link for each record of
 * harness-audit in the order of its partition, each with the hash of the one
 * before, many in one record of the topic; and now and then a signed head.
 * services/audit-chain says what is hashed and signed.
 */
import { z } from "zod";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const offset = z.string().regex(/^\d{1,19}$/);

export const auditLink = z.object({
  partition: z.int().nonnegative().describe("Of harness-audit, and of this topic"),
  sequence: z.int().positive().describe("1 for the first of its partition, without a gap"),
  source_offset: offset.describe("Where the record stands on harness-audit"),
  record_sha256: sha256.describe("Of the record's canonical JSON (RFC 8785)"),
  run_tag: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .nullable()
    .describe("A hash of the record's run id; null when it names none"),
  client_tag: z
    .string()
    .regex(/^[0-9a-f]{16}:[0-9a-f]{32}$/)
    .nullable()
    .describe("An HMAC of its client id, with its key's id before it; null when it names none"),
  previous_hash: sha256.describe("Hash of the link before; zeros for the first"),
  hash: sha256.describe("Of the seven fields before"),
  record: z.looseObject({ kind: z.string(), event_id: z.string() }).describe("As it stands on harness-audit"),
});

/** What was sealed together. A link is judged by itself, wherever it stands. */
export const auditBlock = z.object({
  kind: z.literal("links"),
  links: z.array(auditLink).min(1).describe("In the order of their sequence"),
});

export const auditHead = z.object({
  kind: z.literal("head"),
  partition: z.int().nonnegative(),
  sequence: z.int().positive().describe("Of the last link when it was signed"),
  hash: sha256.describe("Of that link"),
  signed_at_ms: z.int(),
  public_key: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/)
    .describe("Ed25519, 32 bytes as base64url"),
  signature: z
    .string()
    .regex(/^[A-Za-z0-9_-]{86}$/)
    .describe("64 bytes as base64url"),
});

/** What becomes of a repeat: the first link by offset that goes on from the one before it counts. */
export const auditChainRecord = z.discriminatedUnion("kind", [auditBlock, auditHead]);

export type AuditLink = z.infer<typeof auditLink>;
export type AuditHead = z.infer<typeof auditHead>;
export type AuditChainRecord = z.infer<typeof auditChainRecord>;
