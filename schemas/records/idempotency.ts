/**
 * Who asked for a run under an Idempotency-Key, harness-idempotency. The first
 * claim of a key by offset counts, for a day: whoever comes later with the same
 * key joins its run, or is told that the key stands for another. Neither the
 * key nor anything of the request is in it.
 */
import { z } from "zod";
import { attribution, runIdentity } from "../parts/identity.ts";
import { runRequest } from "./run-request.ts";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const idempotencyClaim = z.object({
  kind: z.literal("claim"),
  client_id: attribution.shape.client_id,
  key_sha256: sha256.describe("Of client and key: the record's key"),
  run_id: runIdentity.shape.run_id,
  body_hmac: sha256.describe(
    "Of the request but for its id, deadline and correlation id; equal for equal requests under one key",
  ),
  deadline_at_ms: runRequest.shape.deadline_at_ms.describe("Of the run: a repeat is published with the same"),
  correlation_id: attribution.shape.correlation_id.describe("Of the run: a repeat is published with the same"),
  claimed_at_ms: z.int().describe("By the gateway's clock; how long it counts goes by the broker's"),
});

export type IdempotencyClaim = z.infer<typeof idempotencyClaim>;
