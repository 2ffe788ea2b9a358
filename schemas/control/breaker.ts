/**
 * The state of a circuit breaker as a model-invoke process saw it last, under
 * `provider/model` on harness-breakers: what a new process starts from, and
 * what operators look at. Advice: a process with calls of its own believes those.
 */
import { z } from "zod";
import { providerName } from "../parts/codes.ts";

export const breakerRecord = z.object({
  kind: z.literal("breaker"),
  provider: providerName,
  model: z.string().min(1),
  state: z.enum(["open", "closed"]).describe("Half open is nobody's state but the prober's"),
  open_until_ms: z.int().nonnegative().describe("When the next probe may leave, Unix milliseconds; 0 when closed"),
  worker: z.string().describe("Kafka client id of the process that saw it"),
  at_ms: z.int().describe("By that process' clock, Unix milliseconds"),
});

export type BreakerRecord = z.infer<typeof breakerRecord>;

export function breakerKey({ provider, model }: { readonly provider: string; readonly model: string }): string {
  return `${provider}/${model}`;
}
