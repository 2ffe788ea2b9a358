/**
 * A gateway key on harness-clients: whose it is, what it opens and what its
 * client may use up. The key itself is nowhere: only the SHA-256 of its secret,
 * which is random, so that there is nothing to guess and a slow hash would add
 * nothing. A key that is revoked stays as a record, so that lists show it.
 */
import { z } from "zod";
import { attribution, harnessRef } from "../parts/identity.ts";

const limit = z.int().positive().optional();

export const clientLimits = z
  .object({
    requests_per_minute: limit,
    tokens_per_minute: limit.describe("Input and output together"),
    concurrency: limit.describe("Requests under way at once, on each gateway"),
    body_bytes: limit.describe("Of one request"),
    prompt_tokens: limit.describe("Of one request, estimated"),
  })
  .describe("The gateway's own where absent");

export const clientKey = z.object({
  kind: z.literal("key"),
  key_id: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .describe("The part of the key that is no secret: it stands in lists"),
  client_id: attribution.shape.client_id,
  secret_sha256: z.string().regex(/^[0-9a-f]{64}$/),
  scopes: z.object({
    harnesses: z.array(harnessRef.shape.name).min(1).nullable().describe("Those that it may run; null: all"),
    admin: z.boolean(),
    review: z.boolean(),
  }),
  limits: clientLimits,
  label: z.string().min(1).max(128).optional().describe("What it is for, in the operator's words"),
  created_at_ms: z.int().describe("Unix milliseconds"),
  valid_until_ms: z.int().optional().describe("Of a key that was rotated: the end of its grace"),
  revoked_at_ms: z.int().optional(),
});

export type ClientKey = z.infer<typeof clientKey>;
