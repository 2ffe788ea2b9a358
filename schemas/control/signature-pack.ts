/**
 * A pack of injection signatures, under its name on harness-signatures. A pack
 * is taken whole or refused whole; its examples are run when it is loaded. Live
 * it decides; in shadow it is recorded and changes nothing; as a canary it
 * decides for a share of the runs and is in shadow for the rest.
 */
import { z } from "zod";
import { channel } from "../parts/channel.ts";
import { severity } from "../parts/finding.ts";

export const signatureCategory = z.enum([
  "jailbreak_prefix",
  "role_play",
  "delimiter_escape",
  "prompt_extraction",
  "instruction_override",
  "encoded_payload",
  "tool_abuse",
  "data_exfiltration",
  "planted_in_document",
]);

export const signature = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
  category: signatureCategory,
  severity,
  action: z.enum(["block", "flag"]).describe("The most this signature may cause; the policy can lower it"),
  languages: z
    .array(z.string().regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, "a language tag such as en, pt-BR or zh-Hans"))
    .min(1)
    .default(["en"])
    .describe("Languages of the texts it is meant for, BCP 47; und where it is none"),
  channels: z.array(channel).min(1).optional().describe("Channels whose texts it looks at; all when absent"),
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
  mode: z.enum(["live", "shadow"]).default("live").describe("shadow: decides, is recorded, changes nothing"),
  canary: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe("Share of the runs in which a live pack is live; in the others it is in shadow. All when absent"),
  signatures: z.array(signature).min(1).max(20_000),
});

/** As they are written: what has a default may be left out. */
export type Signature = z.input<typeof signature>;
export type SignaturePack = z.input<typeof signaturePack>;
/** As they are read: the defaults filled in. */
export type ReadSignaturePack = z.output<typeof signaturePack>;
