/**
 * The options of `keys create` and `keys rotate`, and the records that they
 * and `keys revoke` publish.
 */
import { z } from "zod";
import { clientKey, type ClientKey } from "../../../schemas/control/client.ts";
import { harnessRef } from "../../../schemas/parts/identity.ts";
import type { NewKey } from "../../gateway/clients/keys.ts";

const count = "a whole number from 1";
const limit = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, count)
  .transform(Number)
  .optional();

export const createOptions = z.object({
  client: clientKey.shape.client_id,
  harness: z.array(harnessRef.shape.name).optional(),
  admin: z.boolean().default(false),
  review: z.boolean().default(false),
  label: clientKey.shape.label,
  requestsPerMinute: limit,
  tokensPerMinute: limit,
  concurrency: limit,
  bodyBytes: limit,
  promptTokens: limit,
});

const unitsMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const span = "0, or minutes, hours or days, for example 90m, 24h or 7d";

export const rotateOptions = z.object({
  grace: z
    .string()
    .regex(/^(?:0|[1-9]\d{0,3}[mhd])$/, span)
    .transform((text) => Number.parseInt(text, 10) * (unitsMs[text.slice(-1)] ?? 0)),
});

export function createdKey(given: z.output<typeof createOptions>, key: NewKey, atMs: number): ClientKey {
  return {
    kind: "key",
    key_id: key.keyId,
    client_id: given.client,
    secret_sha256: key.secretSha256,
    scopes: { harnesses: given.harness ?? null, admin: given.admin, review: given.review },
    limits: limitsOf(given),
    ...(given.label === undefined ? {} : { label: given.label }),
    created_at_ms: atMs,
  };
}

function limitsOf(given: z.output<typeof createOptions>): ClientKey["limits"] {
  const named = {
    requests_per_minute: given.requestsPerMinute,
    tokens_per_minute: given.tokensPerMinute,
    concurrency: given.concurrency,
    body_bytes: given.bodyBytes,
    prompt_tokens: given.promptTokens,
  };
  return clientKey.shape.limits.parse(
    Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined)),
  );
}

/** The new key that takes an old one's place, and the old one, which ends with its grace. */
export function rotatedKey(
  old: ClientKey,
  key: NewKey,
  { atMs, graceMs }: { readonly atMs: number; readonly graceMs: number },
): { readonly fresh: ClientKey; readonly ending: ClientKey } {
  const { valid_until_ms: untilMs = Infinity, ...lasting } = old;
  return {
    fresh: { ...lasting, key_id: key.keyId, secret_sha256: key.secretSha256, created_at_ms: atMs },
    ending: { ...old, valid_until_ms: Math.min(untilMs, atMs + graceMs) },
  };
}
