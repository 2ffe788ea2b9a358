/**
 * How long the content of a harness's runs can be read: prompts, context,
 * answers, what reviewers see, dead letters. All of it is sealed, and the key is
 * erased at one moment, so that every copy ends with it.
 */
import { z } from "zod";

/** The topics that answers stand on keep them for a week: nothing can be promised for longer. */
export const maxContentMs = 7 * 86_400_000;

export const retentionPolicy = z.object({
  contentMs: z
    .int()
    .min(1000)
    .max(maxContentMs, `at most ${maxContentMs}: harness-results and others keep content for 7 days`)
    .describe("The longest that a run's prompts and answers can be read, from its request on, milliseconds"),
});

/** Runs share keys: those whose content ends within the same part of the whole time. */
const parts = 24;

function grainOf({ contentMs }: RetentionPolicy): number {
  return Math.ceil(contentMs / parts);
}

/** When the content of a run that was asked for then ends, Unix milliseconds: after `contentMs` at most, and `leastContentMs` at least. */
export function contentUntilMs(policy: RetentionPolicy, receivedAtMs: number): number {
  const grainMs = grainOf(policy);
  return Math.floor((receivedAtMs + policy.contentMs) / grainMs) * grainMs;
}

export function leastContentMs(policy: RetentionPolicy): number {
  return policy.contentMs - grainOf(policy);
}

export type RetentionPolicy = z.infer<typeof retentionPolicy>;
