/**
 * HIPAA: the Safe Harbor identifiers that have a form to be found by, and what
 * the Security Rule asks of those who process health data. Names, ages and
 * free-text health data have no such form: a contract with the provider is asked
 * for because they reach it.
 */
import type { ComplianceLine, CompliancePreset } from "./compliance-line.ts";

type Entities = Extract<ComplianceLine["demand"], { kind: "entities" }>["entities"];

/** By the letter of its place in the list. */
function identifier(letter: string, serves: string, entities: Entities): ComplianceLine {
  return {
    clause: `45 CFR 164.514(b)(2)(i)(${letter})`,
    serves,
    demand: { kind: "entities", entities, atLeast: "redact" },
  };
}

export const hipaa: CompliancePreset = {
  title: "HIPAA, 45 CFR part 164",
  lines: [
    identifier("B", "places smaller than a state", ["streetAddress", "coordinates"]),
    identifier("C", "dates of a person's life, but for the year", ["birthDate"]),
    identifier("D", "telephone numbers; (E), fax numbers, look the same", ["phone"]),
    identifier("F", "e-mail addresses", ["email"]),
    identifier("G", "social security numbers", ["ssn"]),
    identifier("H", "medical record numbers", ["mrn"]),
    identifier("I", "numbers of a health plan's members", ["mbi"]),
    identifier("J", "account numbers", ["card", "iban"]),
    identifier("K", "numbers of certificates and licences", ["drivingLicence", "dea", "npi"]),
    identifier("M", "identifiers of devices", ["mac"]),
    identifier("O", "IP addresses", ["ip"]),
    identifier("R", "any other number that stands for one person", ["passport", "nationalId", "taxId", "itin"]),
    {
      clause: "45 CFR 164.308(a)(5)(ii)(D)",
      serves: "passwords are safeguarded: none is sent on",
      demand: { kind: "entities", entities: ["secret"], atLeast: "redact" },
    },
    {
      clause: "45 CFR 164.306(a)(3)",
      serves: "disclosures that can be foreseen: what could not be checked does not leave",
      demand: { kind: "knob", knob: "pii.failMode", atLeast: "closed" },
    },
    {
      clause: "45 CFR 164.306(a)(2)",
      serves: "threats that can be foreseen: instructions planted in what the user wrote are at least noted",
      demand: { kind: "knob", knob: "injection.action", atLeast: "flag" },
    },
    {
      clause: "45 CFR 164.306(a)(2)",
      serves: "threats that can be foreseen: a document that gives orders is not obeyed",
      demand: { kind: "knob", knob: "injection.documents", atLeast: "block" },
    },
    {
      clause: "45 CFR 164.312(b)",
      serves: "activity around health data is recorded: personal data in an answer is at least noted",
      demand: { kind: "knob", knob: "leaks.personalData", atLeast: "flag" },
    },
    {
      clause: "45 CFR 164.306(a)(3)",
      serves: "disclosures that can be foreseen: what was held for a person does not go out because nobody looked",
      demand: { kind: "review", onTimeout: ["reject", "fallback"] },
    },
    {
      clause: "45 CFR 164.308(b)(1), 164.504(e)",
      serves: "who processes health data for another is bound by a business associate contract",
      demand: { kind: "agreement", agreement: "baa" },
    },
    {
      clause: "45 CFR 164.312(e)(1)",
      serves: "health data is guarded on its way over a network",
      demand: { kind: "encrypted" },
    },
    {
      clause: "45 CFR 164.316(b)(2)(i)",
      serves: "records of what was done are kept for six years",
      demand: { kind: "decisions_kept", atLeastDays: 2192 },
    },
    {
      clause: "45 CFR 164.502(b)(1)",
      serves: "no more is disclosed than is needed: who reads traces need not read what patients said",
      demand: { kind: "untraced" },
    },
  ],
};
