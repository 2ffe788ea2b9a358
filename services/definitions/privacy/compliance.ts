/**
 * What the compliance schemes ask of each kind of personal data: a floor under
 * the preset's action. A technical measure that helps to comply, not a
 * certificate: names and free-text health data are not found by patterns.
 */
import type { ComplianceScheme, PiiAction } from "../../../schemas/control/harness-definition.ts";
import type { PiiEntity } from "../../guards/pii/entity.ts";
import { stricter } from "../../guards/privacy/action-order.ts";

type Floors = Readonly<Partial<Record<PiiEntity, PiiAction>>>;

const floors: Readonly<Record<ComplianceScheme, Floors>> = {
  // The identifiers of the Safe Harbor method, 45 CFR 164.514(b)(2), that have a form to be found by.
  hipaa: {
    mrn: "redact",
    mbi: "redact",
    npi: "redact",
    dea: "redact",
    ssn: "redact",
    itin: "redact",
    birthDate: "redact",
    streetAddress: "redact",
    phone: "redact",
    email: "redact",
    card: "redact",
    iban: "redact",
    drivingLicence: "redact",
    passport: "redact",
    nationalId: "redact",
    taxId: "redact",
    ip: "redact",
    mac: "redact",
    coordinates: "redact",
  },
  // Identifiers of a natural person, articles 4(1), 4(5) and 32(1)(a): the provider does not see them.
  gdpr: {
    email: "pseudonymise",
    phone: "pseudonymise",
    streetAddress: "pseudonymise",
    birthDate: "pseudonymise",
    iban: "pseudonymise",
    card: "pseudonymise",
    passport: "pseudonymise",
    drivingLicence: "pseudonymise",
    taxId: "pseudonymise",
    ip: "pseudonymise",
    mac: "pseudonymise",
    coordinates: "pseudonymise",
    cryptoAddress: "pseudonymise",
    ssn: "pseudonymise",
    itin: "pseudonymise",
    nationalId: "pseudonymise",
    mrn: "pseudonymise",
    mbi: "pseudonymise",
    npi: "pseudonymise",
    dea: "pseudonymise",
  },
  // Trust criteria CC6.1 and CC6.7, confidentiality: credentials never leave, customers' data is not readable outside.
  soc2: {
    secret: "block",
    card: "redact",
    iban: "redact",
    ssn: "redact",
    itin: "redact",
    nationalId: "redact",
    taxId: "redact",
    passport: "redact",
    drivingLicence: "redact",
  },
  // PCI DSS 4.0, requirements 3.3 to 3.5 and 4.2: an account number does not go to a system outside of the assessment.
  pci: { card: "block", secret: "redact", iban: "redact" },
};

/** The strictest of the given actions and what the schemes ask for. */
export function raisedBy(
  schemes: readonly ComplianceScheme[],
  actions: Readonly<Record<string, PiiAction>>,
): Record<string, PiiAction> {
  const raised = { ...actions };
  for (const { entity, action } of schemes.flatMap(floorsOf)) {
    raised[entity] = stricter(raised[entity] ?? "allow", action);
  }
  return raised;
}

/** What one scheme asks for, entity by entity. */
export function floorsOf(scheme: ComplianceScheme): readonly { readonly entity: string; readonly action: PiiAction }[] {
  return Object.entries(floors[scheme]).map(([entity, action]) => ({ entity, action }));
}
