/**
 * A pack of injection signatures, under its name on harness-signatures. A pack
 * is taken whole or refused whole; its examples are run when it is loaded.
 */
import { z } from "zod";
import { severity } from "../parts/finding.ts";

export const signature = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
  category: z.enum([
    "jailbreak_prefix",
    "role_play",
    "delimiter_escape",
    "prompt_extraction",
    "instruction_override",
    "encoded_payload",
    "tool_abuse",
    "data_exfiltration",
    "planted_in_document",
  ]),
  severity,
  action: z.enum(["block", "flag"]).describe("The most this signature may cause; the policy can lower it"),
  pattern: z.string().min(3).max(1000).describe("Regular expression over the folded (lower-case) text"),
  examples: z.object({
    match: z.array(z.string()).min(1),
    noMatch: z.array(z.string()).min(1),
  }),
});

export const signaturePack = z.object({
  pack: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
  version: z.string().min(1).max(64),
  description: z.string(),
  signatures: z.array(signature).min(1).max(20_000),
});

export type Signature = z.infer<typeof signature>;
export type SignaturePack = z.infer<typeof signaturePack>;
