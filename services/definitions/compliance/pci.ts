/**
 * PCI DSS 4.0: a card number never gets past the first stage, nor a secret to a
 * provider. The request's own topic holds what publishers sent, as they sent it: who
 * must keep card numbers off Kafka has to stop them before.
 */
import type { CompliancePreset } from "./compliance-line.ts";

export const pci: CompliancePreset = {
  title: "PCI DSS 4.0",
  lines: [
    {
      clause: "PCI DSS 4.0 req. 3.2.1, 3.5.1",
      serves: "account data is stored as little as possible and never to be read: a request that holds it goes nowhere",
      demand: { kind: "entities", entities: ["card"], atLeast: "block" },
    },
    {
      clause: "PCI DSS 4.0 req. 8.3.2",
      serves: "what authenticates somebody is never stored or sent to be read",
      demand: { kind: "entities", entities: ["secret"], atLeast: "redact" },
    },
    {
      clause: "PCI DSS 4.0 req. 3.5.1",
      serves: "no account number is stored to be read: what could not be checked does not go on",
      demand: { kind: "knob", knob: "pii.failMode", atLeast: "closed" },
    },
    {
      clause: "PCI DSS 4.0 req. 6.2.4",
      serves: "software withstands injection: instructions in what users write are at least noted",
      demand: { kind: "knob", knob: "injection.action", atLeast: "flag" },
    },
    {
      clause: "PCI DSS 4.0 req. 6.2.4",
      serves: "software withstands injection: a document that gives orders is not obeyed",
      demand: { kind: "knob", knob: "injection.documents", atLeast: "block" },
    },
    {
      clause: "PCI DSS 4.0 req. 3.4.1",
      serves: "account numbers are not shown: one in an answer is at least noted",
      demand: { kind: "knob", knob: "leaks.personalData", atLeast: "flag" },
    },
    {
      // Not 12.8.2: by its own note an attestation is not the written agreement that it asks for.
      clause: "PCI DSS 4.0 req. 12.8.4",
      serves: "the compliance of service providers is followed: somebody has their attestation",
      demand: { kind: "agreement", agreement: "pci_aoc" },
    },
    {
      clause: "PCI DSS 4.0 req. 4.2.1",
      serves: "strong cryptography over public networks",
      demand: { kind: "encrypted" },
    },
    {
      clause: "PCI DSS 4.0 req. 10.5.1",
      serves: "audit logs are kept for twelve months, three of them at hand",
      demand: { kind: "decisions_kept", atLeastDays: 366 },
    },
    {
      clause: "PCI DSS 4.0 req. 3.2.1",
      serves: "account data is stored in as few places as possible: traces are none of them",
      demand: { kind: "untraced" },
    },
  ],
};
