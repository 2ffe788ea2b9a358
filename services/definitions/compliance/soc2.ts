/**
 * SOC 2: the AICPA's trust services criteria (TSP section 100) for security,
 * confidentiality and processing integrity, as far as a harness can help with
 * them. The criteria give no figures; an auditor judges what a company says of itself.
 */
import type { CompliancePreset } from "./compliance-line.ts";

export const soc2: CompliancePreset = {
  title: "SOC 2, trust services criteria of 2017 (TSP section 100)",
  lines: [
    {
      clause: "SOC 2 CC6.1",
      serves: "credentials are protected: a request that holds one goes nowhere",
      demand: { kind: "entities", entities: ["secret"], atLeast: "block" },
    },
    {
      clause: "SOC 2 CC6.7, C1.1",
      serves: "confidential information leaves only for those who are meant to have it",
      demand: {
        kind: "entities",
        entities: ["card", "iban", "ssn", "itin", "nationalId", "taxId", "passport", "drivingLicence"],
        atLeast: "redact",
      },
    },
    {
      clause: "SOC 2 CC6.7",
      serves: "transmission is restricted: what could not be checked does not leave",
      demand: { kind: "knob", knob: "pii.failMode", atLeast: "closed" },
    },
    {
      clause: "SOC 2 CC6.6",
      serves: "threats from outside the system's boundary: instructions in what users write are at least noted",
      demand: { kind: "knob", knob: "injection.action", atLeast: "flag" },
    },
    {
      clause: "SOC 2 CC6.6",
      serves: "threats from outside the system's boundary: a document that gives orders is not obeyed",
      demand: { kind: "knob", knob: "injection.documents", atLeast: "block" },
    },
    {
      clause: "SOC 2 CC7.2",
      serves: "anomalies are watched for: an answer that gives away the instructions is at least noted",
      demand: { kind: "knob", knob: "leaks.systemPrompt", atLeast: "flag" },
    },
    {
      clause: "SOC 2 CC6.1, C1.1",
      serves: "secrets do not come back in an answer",
      demand: { kind: "knob", knob: "leaks.secrets", atLeast: "retry" },
    },
    {
      clause: "SOC 2 PI1.4",
      serves: "output goes out as it was specified: an answer held for a person is not given because nobody looked",
      demand: { kind: "review", onTimeout: ["reject", "fallback"] },
    },
    {
      clause: "SOC 2 CC9.2",
      serves: "risks of vendors are assessed: somebody read the provider's own report",
      demand: { kind: "agreement", agreement: "soc2_report" },
    },
    {
      clause: "SOC 2 CC6.7",
      serves: "information is protected while it is transmitted",
      demand: { kind: "encrypted" },
    },
    {
      clause: "SOC 2 C1.2",
      serves: "confidential information is disposed of; the criterion names no time, 30 days is our figure",
      demand: { kind: "content_gone", atMostDays: 30 },
    },
    {
      clause: "SOC 2 CC7.2, CC7.3",
      serves: "events can be looked into afterwards; the criteria name no time, a year is our figure",
      demand: { kind: "decisions_kept", atLeastDays: 366 },
    },
    {
      clause: "SOC 2 C1.1, C1.2",
      serves: "confidential information is kept apart and disposed of: traces hold none",
      demand: { kind: "untraced" },
    },
  ],
};
