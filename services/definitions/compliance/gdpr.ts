/**
 * GDPR, Regulation (EU) 2016/679: identifiers of people are pseudonymised at
 * least, decisions that people must be able to contest are not made by silence,
 * and providers are processors under contract, in a place that data may go to.
 */
import type { CompliancePreset } from "./compliance-line.ts";

/** The European Union's members and the three other states of the European Economic Area; `eu` where nobody says which. */
const economicArea =
  "eu at be bg hr cy cz dk ee fi fr de gr hu ie it lv lt lu mt nl pl pt ro sk si es se is li no".split(" ");

/**
 * Places with a decision of the Commission under Art. 45 that holds for all whom we could call there; for the United States
 * it holds for certified companies alone (`dpf`), for Canada for commercial ones; for Brazil since Decision (EU) 2026/179.
 * As of 2026; decisions are reviewed and can end.
 */
const adequate = "ad ar br ca fo gg il im je jp kr nz ch gb uy".split(" ");

export const gdpr: CompliancePreset = {
  title: "GDPR, Regulation (EU) 2016/679",
  lines: [
    {
      clause: "GDPR Art. 5(1)(c), Art. 25(1)",
      serves: "no more personal data than is needed: the provider sees a pseudonym, not the person",
      demand: {
        kind: "entities",
        entities: ["email", "phone", "streetAddress", "birthDate", "iban", "card", "cryptoAddress", "coordinates"],
        atLeast: "pseudonymise",
      },
    },
    {
      clause: "GDPR Art. 4(1), Art. 5(1)(c)",
      serves: "online identifiers are personal data, too",
      demand: { kind: "entities", entities: ["ip", "mac"], atLeast: "pseudonymise" },
    },
    {
      clause: "GDPR Art. 87, Art. 5(1)(c)",
      serves: "national identification numbers are used only under safeguards",
      demand: {
        kind: "entities",
        entities: ["nationalId", "ssn", "itin", "taxId", "passport", "drivingLicence"],
        atLeast: "pseudonymise",
      },
    },
    {
      clause: "GDPR Art. 9(1), Art. 4(15)",
      serves: "numbers given to a person for health care tell of health",
      demand: { kind: "entities", entities: ["mrn", "mbi"], atLeast: "pseudonymise" },
    },
    {
      clause: "GDPR Art. 5(1)(c)",
      serves: "numbers of those who treat and prescribe stand for one person",
      demand: { kind: "entities", entities: ["npi", "dea"], atLeast: "pseudonymise" },
    },
    {
      clause: "GDPR Art. 5(1)(f), Art. 32(1)(b)",
      serves: "confidentiality: what opens an account is not sent on",
      demand: { kind: "entities", entities: ["secret"], atLeast: "redact" },
    },
    {
      clause: "GDPR Art. 25(2)",
      serves: "by default only what is needed is processed: what could not be checked does not leave",
      demand: { kind: "knob", knob: "pii.failMode", atLeast: "closed" },
    },
    {
      clause: "GDPR Art. 5(1)(f), Art. 32(1)(b)",
      serves: "integrity of processing: a document that gives orders is not obeyed",
      demand: { kind: "knob", knob: "injection.documents", atLeast: "block" },
    },
    {
      clause: "GDPR Art. 5(1)(f)",
      serves: "personal data that is in an answer is at least noted",
      demand: { kind: "knob", knob: "leaks.personalData", atLeast: "flag" },
    },
    {
      clause: "GDPR Art. 22(3)",
      serves: "the right to have a person step in: an answer held for one is not given because nobody looked",
      demand: { kind: "review", onTimeout: ["reject", "fallback"] },
    },
    {
      clause: "GDPR Art. 28(3)",
      serves: "a processor is bound by a contract",
      demand: { kind: "agreement", agreement: "dpa" },
    },
    {
      clause: "GDPR Art. 44, Art. 45(1), Art. 46(2)(c)",
      serves: "personal data leaves the European Economic Area only for an adequate place, or under standard clauses",
      demand: { kind: "region", regions: [...economicArea, ...adequate], orElse: ["scc", "dpf"] },
    },
    {
      clause: "GDPR Art. 32(1)(a)",
      serves: "personal data is encrypted on its way",
      demand: { kind: "encrypted" },
    },
    {
      clause: "GDPR Art. 5(1)(e), Art. 12(3), Art. 17(1)",
      serves: "storage is limited; 30 days is our figure: within the month that a request for erasure gives",
      demand: { kind: "content_gone", atMostDays: 30 },
    },
    {
      clause: "GDPR Art. 5(1)(c), Art. 17(1)",
      serves: "no copy stays where an erasure does not come: traces hold none",
      demand: { kind: "untraced" },
    },
  ],
};
