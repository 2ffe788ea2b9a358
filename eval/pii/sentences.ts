/**
 * Sentences to put values into. Kinds that are known by their form stand in
 * sentences that do not name them too; those that count only when named are named.
 */
import type { PiiEntity } from "../../services/guards/pii/entity.ts";

const anywhere = [
  "{}",
  "Please note {} for later.",
  "It says {} on the form.",
  "Ann Lee, {}, Leeds",
  '{"note": "{}", "done": false}',
  "- first: {}\n- second: none",
  "Is {} right?",
  "I got this from him: {}. Can you check it?",
];

const named: Partial<Readonly<Record<PiiEntity, readonly string[]>>> = {
  card: ["Charge my card {} please.", "card number: {}", "I paid with {} yesterday", "Visa {} exp 11/29"],
  iban: ["Send it to {} by Friday.", "IBAN: {}", "my account is {}", "Bitte überweisen Sie auf {}."],
  ssn: ["My SSN is {}.", "social security number: {}", "SSN {} on file", "ssn={}"],
  email: ["Write to {} today.", "e-mail: {}", "<{}> asked for a refund", "cc {}, please"],
  phone: [
    "Call me at {}.",
    "You can reach Dana on {} after six.",
    "Phone: {}",
    "my mobile is {}",
    "tel. {} (office)",
    "Contact: {}",
    "Ring {} if the door is locked.",
    "WhatsApp {} any time",
    "The front desk's number is {}.",
    '{"phone": "{}"}',
  ],
  ip: ["The login came from {}.", "server {} is down", "ping {} failed", "client_ip={}", "blocked {} at the firewall"],
  mac: ["The device {} joined.", "MAC address: {}", "hw {} on port 3"],
  coordinates: ["GPS: {}", "coordinates {} on the map", "location: {}", "The car was left at lat/long {}."],
  secret: ["use {} for the demo", "{}", "here is the key: {}", "I pasted {} by accident", "export TOKEN={}"],
  cryptoAddress: ["send the coins to {}", "wallet: {}", "{} received it"],
  itin: ["My ITIN is {}.", "individual taxpayer number (ITIN): {}"],
  npi: ["NPI: {}", "the provider's NPI is {}", "referred by Dr. Lee (NPI {})"],
  mbi: ["Medicare number {}", "MBI: {}", "her Medicare ID is {}"],
  dea: ["DEA {}", "prescriber DEA number: {}", "DEA# {} on the prescription"],
  mrn: ["MRN: {}", "medical record number {}", "patient ID {} was admitted", "MRN {} seen today"],
  passport: ["passport number {}", "My passport is {}.", "Passport No: {}", "Reisepass {}"],
  drivingLicence: ["driver's license {}", "my driving licence number is {}", "DL# {}", "Driver License: {}"],
  birthDate: ["DOB: {}", "She was born on {}.", "date of birth {}", "born {}", "geboren am {}", "birthday: {}"],
  streetAddress: [
    "I live at {}.",
    "Ship it to {}.",
    "Address: {}",
    "Our office is at {}",
    "She moved to {} last year.",
  ],
};

/** These are known by their form alone. */
const telling: ReadonlySet<PiiEntity> = new Set(["card", "iban", "ssn", "email", "ip", "mac", "cryptoAddress"]);

export function sentencesFor(entity: PiiEntity): readonly string[] {
  const own = named[entity] ?? ["{}"];
  return telling.has(entity) ? [...own, ...anywhere] : own;
}

/** For a number that has to be named, and its name. */
export const namings = ["{name}: {}", "My {name} is {}.", "{name} {}", "the {name} on file is {}", "{name} no. {}"];
