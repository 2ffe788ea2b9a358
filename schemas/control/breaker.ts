/**
 * The state of a circuit breaker as a model-invoke process saw it last, under
 * `provider/model` on harness-breakers, or `provider/model#fingerprint` for the
 * breaker of one key: what a new process starts from, and what operators look
 * at. A process with calls of its own believes those of a model; what a
 * provider says of a key holds for all.
 */
import { z } from "zod";
import { providerName } from "../parts/codes.ts";

export const breakerRecord = z.object({
  kind: z.literal("breaker"),
  provider: providerName,
  model: z.string().min(1).describe("`*` for a key that is out for all models"),
  key: z
    .object({
      fingerprint: z.string().regex(/^[0-9a-f]{8}$/),
      position: z.int().positive().describe("Its place in the list of the process that saw it"),
      trouble: z.enum(["rejected", "limited"]).optional().describe("Absent when it works"),
      code: z.string().optional().describe("The provider's word for it"),
    })
    .optional()
    .describe("Present when the breaker is a key's and not the model's"),
  state: z.enum(["open", "closed"]).describe("Half open is nobody's state but the prober's"),
  open_until_ms: z.int().nonnegative().describe("When the next probe may leave, Unix milliseconds; 0 when closed"),
  worker: z.string().describe("Kafka client id of the process that saw it"),
  at_ms: z.int().describe("By that process' clock, Unix milliseconds"),
});

export type BreakerRecord = z.infer<typeof breakerRecord>;

export function breakerKey({ provider, model, key }: Pick<BreakerRecord, "provider" | "model" | "key">): string {
  return key === undefined ? `${provider}/${model}` : `${provider}/${model}#${key.fingerprint}`;
}
