/** Every rule, and which kinds of data it may find: one walk over the text serves all kinds that share it. */
import type { PiiEntity, PiiRule } from "./entity.ts";
import { findBirthDates } from "./contact/birth-date.ts";
import { findEmails } from "./contact/email.ts";
import { findPhones } from "./contact/phone.ts";
import { findStreetAddresses } from "./contact/street-address.ts";
import { findNamedNumbers } from "./documents/named-numbers.ts";
import { healthWords } from "./health/health-words.ts";
import { findDashedMbis } from "./health/mbi-dashed.ts";
import { europeanNumbers } from "./national/european-numbers.ts";
import { letteredIds } from "./national/lettered-ids.ts";
import { buildFormTree, findNumbers } from "./national/number-forms.ts";
import { findSpacedIds } from "./national/spaced-ids.ts";
import { usNumbers } from "./national/us-numbers.ts";
import { findWords, indexWordForms } from "./national/word-forms.ts";
import { worldNumbers } from "./national/world-numbers.ts";
import { findCoordinates } from "./network/coordinates.ts";
import { findIps } from "./network/ip.ts";
import { findMacs } from "./network/mac.ts";
import { findCards } from "./payment/card.ts";
import { findCryptoAddresses } from "./payment/crypto-address.ts";
import { findIbans } from "./payment/iban.ts";
import { findSecrets } from "./secrets/find-secrets.ts";

interface RuleRow {
  readonly finds: readonly PiiEntity[];
  readonly rule: PiiRule;
  /** It has work only where the text holds a digit. */
  readonly needsDigits: boolean;
}

const numbers = [...usNumbers, ...europeanNumbers, ...worldNumbers];
const tree = buildFormTree(numbers);
const wordForms = [...letteredIds, ...healthWords];
const wordIndex = indexWordForms(wordForms);

function entitiesOf(forms: readonly { readonly entity: PiiEntity }[]): readonly PiiEntity[] {
  return [...new Set(forms.map(({ entity }) => entity))];
}

export const rules: readonly RuleRow[] = [
  { finds: ["card"], rule: findCards, needsDigits: true },
  { finds: ["iban"], rule: findIbans, needsDigits: true },
  { finds: ["cryptoAddress"], rule: findCryptoAddresses, needsDigits: true },
  { finds: entitiesOf(numbers), rule: (text) => findNumbers(text, tree), needsDigits: true },
  { finds: entitiesOf(wordForms), rule: (text) => findWords(text, wordIndex), needsDigits: true },
  { finds: ["nationalId"], rule: findSpacedIds, needsDigits: true },
  { finds: ["mbi"], rule: findDashedMbis, needsDigits: true },
  { finds: ["passport", "drivingLicence", "mrn"], rule: findNamedNumbers, needsDigits: true },
  { finds: ["birthDate"], rule: findBirthDates, needsDigits: true },
  { finds: ["streetAddress"], rule: findStreetAddresses, needsDigits: true },
  { finds: ["phone"], rule: findPhones, needsDigits: true },
  { finds: ["ip"], rule: findIps, needsDigits: true },
  { finds: ["mac"], rule: findMacs, needsDigits: true },
  { finds: ["coordinates"], rule: findCoordinates, needsDigits: true },
  { finds: ["secret"], rule: findSecrets, needsDigits: false },
  { finds: ["email"], rule: findEmails, needsDigits: false },
];
