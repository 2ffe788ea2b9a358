/**
 * What an operator knows of a provider beside its address: where it processes
 * what it is sent, and which agreements with it are signed. Compliance presets
 * ask for both; neither is ever guessed.
 */
import { z } from "zod";

export const region = z
  .string()
  .regex(/^[a-z]{2}$/, "two lower case letters: a country by ISO 3166-1, or eu")
  .describe("Where it processes what it is sent");

/**
 * baa: a business associate contract (HIPAA). dpa: a processor's contract, scc: standard contractual clauses, dpf: a
 * certificate of the EU-US Data Privacy Framework (GDPR). pci_aoc: an attestation of compliance. soc2_report: a report that was read.
 */
export const agreement = z.enum(["baa", "dpa", "scc", "dpf", "pci_aoc", "soc2_report"]);

export type Agreement = z.infer<typeof agreement>;
