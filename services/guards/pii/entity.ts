/**
 * The closed list of what counts as personal data or a secret here, with how
 * people name it and how bad it is when it leaks; and what every rule yields:
 * spans with how sure they are. Never the value itself.
 */
import type { Severity } from "../../../schemas/parts/finding.ts";
import type { PiiText } from "./pii-text.ts";

interface EntityRow {
  readonly entity: string;
  /** For people, with its article: "holds a payment card number". */
  readonly title: string;
  readonly severity: Severity;
  /** What stands in a redacted text. */
  readonly placeholder: string;
}

export const piiEntities = [
  { entity: "card", title: "a payment card number", severity: "high", placeholder: "[CARD]" },
  { entity: "iban", title: "a bank account number", severity: "high", placeholder: "[IBAN]" },
  { entity: "ssn", title: "a social security number", severity: "high", placeholder: "[SSN]" },
  { entity: "itin", title: "a US taxpayer number", severity: "high", placeholder: "[ITIN]" },
  { entity: "nationalId", title: "a national identity number", severity: "high", placeholder: "[NATIONAL_ID]" },
  { entity: "taxId", title: "a tax number", severity: "high", placeholder: "[TAX_ID]" },
  { entity: "passport", title: "a passport number", severity: "high", placeholder: "[PASSPORT]" },
  { entity: "drivingLicence", title: "a driving licence number", severity: "high", placeholder: "[DRIVING_LICENCE]" },
  { entity: "birthDate", title: "a date of birth", severity: "medium", placeholder: "[BIRTH_DATE]" },
  { entity: "streetAddress", title: "a street address", severity: "medium", placeholder: "[STREET_ADDRESS]" },
  { entity: "email", title: "an e-mail address", severity: "medium", placeholder: "[EMAIL]" },
  { entity: "phone", title: "a telephone number", severity: "medium", placeholder: "[PHONE]" },
  { entity: "ip", title: "an IP address", severity: "low", placeholder: "[IP]" },
  { entity: "mac", title: "a device's MAC address", severity: "low", placeholder: "[MAC]" },
  { entity: "coordinates", title: "a place's coordinates", severity: "low", placeholder: "[COORDINATES]" },
  { entity: "mrn", title: "a medical record number", severity: "high", placeholder: "[MRN]" },
  { entity: "mbi", title: "a Medicare number", severity: "high", placeholder: "[MBI]" },
  { entity: "npi", title: "a health care provider's number", severity: "medium", placeholder: "[NPI]" },
  { entity: "dea", title: "a prescriber's DEA number", severity: "medium", placeholder: "[DEA]" },
  { entity: "cryptoAddress", title: "a crypto-currency address", severity: "medium", placeholder: "[CRYPTO_ADDRESS]" },
  { entity: "secret", title: "a key, token or other secret", severity: "critical", placeholder: "[SECRET]" },
] as const satisfies readonly EntityRow[];

export type PiiEntity = (typeof piiEntities)[number]["entity"];

/** `validated`: a checksum or a full syntax holds; `contextual`: a word nearby says what it is; `bare`: the shape alone. */
export type Confidence = "validated" | "contextual" | "bare";

export interface PiiSpan {
  readonly entity: PiiEntity;
  readonly confidence: Confidence;
  /** Offsets into the text the rule was given, UTF-16 units; end exclusive. */
  readonly start: number;
  readonly end: number;
}

/** One rule: linear in the length of the folded text. Its spans are offsets into that. */
export type PiiRule = (text: PiiText) => readonly PiiSpan[];
