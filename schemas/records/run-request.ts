/**
 * What a publisher puts on harness-requests: which harness to run, for whom,
 * on what input. The input's own shape is the harness's input contract.
 */
import { z } from "zod";
import { callOptions } from "../parts/call-options.ts";
import { attribution } from "../parts/identity.ts";

/** Largest request accepted, in bytes of its value on the topic. */
export const maxRequestBytes = 1024 * 1024;

export const runRequest = attribution
  .extend({
    run_id: z
      .uuid()
      .optional()
      .describe("UUIDv7 of the publisher; derived from topic, partition and offset when absent"),
    harness: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,63}$/)
      .describe("Name of the harness to run"),
    harness_version: z
      .string()
      .regex(/^[0-9a-f]{16}$/)
      .optional()
      .describe("Pins a version; the current one when absent"),
    deadline_at_ms: z
      .int()
      .positive()
      .optional()
      .describe(
        "No paid step starts after this, Unix milliseconds; the harness's own time then counts from the first call on",
      ),
    input: z.record(z.string(), z.json()).describe("The input, as the harness's input contract wants it"),
    options: callOptions.optional().describe("What the harness permits its callers to ask for"),
  })
  .strict();

export type RunRequest = z.infer<typeof runRequest>;
