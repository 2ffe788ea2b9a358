/**
 * Whether what a harness's runs say may stand in traces. Traces go to systems
 * that nobody erases anything in: without the author's word nothing does.
 */
import { z } from "zod";

export const tracePolicy = z.object({
  inputMessages: z
    .boolean()
    .describe("gen_ai.input.messages: the prompt as it is sent, after redaction and without the instructions"),
  outputMessages: z
    .boolean()
    .describe("gen_ai.output.messages: the answer as it is given, where no guard found anything in it"),
});

export type TracePolicy = z.infer<typeof tracePolicy>;
