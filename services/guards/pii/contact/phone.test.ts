/** Telephone numbers: spellings of many countries, named and unnamed, and all that is written alike. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fold } from "../../text/fold.ts";
import { readPiiText } from "../pii-text.ts";
import { isInternational, isNational } from "./numbering-plan.ts";
import { isWrittenAsPhone } from "./phone-forms.ts";
import { readPhoneGroups } from "./phone-groups.ts";
import { findPhones } from "./phone.ts";

const spans = (text: string) => findPhones(readPiiText(fold(text)));
const found = (text: string) => spans(text).map(({ start, end }) => text.slice(start, end));

/** Nothing names them. */
const telling: readonly string[] = [
  "+1 646 555 0143",
  "+13125550143",
  "+44 (0)20 7946 0958",
  "(+44) 20 7946 0958",
  "(212) 555-0143",
  "415-555-2671",
  "303.555.2671",
  "1-800-555-0143",
  "020 7946 0958",
  "07700 900123",
  "030 12345678",
  "0171 1234567",
  "089/1234567",
  "01 42 68 53 00",
  "06.12.34.56.78",
  "612 345 678",
  "91 412 34 56",
  "333 1234567",
  "06 12345678",
  "98765 43210",
  "03-1234-5678",
  "090-1234-5678",
  "(11) 91234-5678",
  "0412 345 678",
  "(02) 9374 4000",
  "0049 40 1234567",
  "138 1234 5678",
  "8 (495) 123-45-67",
];
for (const phone of telling) {
  test(`finds ${phone} unnamed`, () => assert.deepEqual(found(`Ann Lee, ${phone}, Leeds`), [phone]));
}

const named: readonly [text: string, phone: string][] = [
  ["Phone: 5551234", "5551234"],
  ["call me at 9876543210", "9876543210"],
  ["Fax: (898)666-3621x0135", "(898)666-3621x0135"],
  ["tel. 030-12345 ext. 12", "030-12345 ext. 12"],
  ["mobile 60-56-85-91", "60-56-85-91"],
  ["WhatsApp 07911123456", "07911123456"],
  ["21 284 698 2548-Office, new desk", "21 284 698 2548"],
  ["2846 982548 (mobile)", "2846 982548"],
  ["555 0143 is my number", "555 0143"],
  ["contact me about my order at 415-555-2671", "415-555-2671"],
  ["Call me in case of trouble: 020 7946 0958", "020 7946 0958"],
  ["her new number is 555 0143", "555 0143"],
  ["teléfono 912345678", "912345678"],
  ['{"phone": "4155552671"}', "4155552671"],
];
for (const [text, phone] of named) test(`finds it named: ${text}`, () => assert.deepEqual(found(text), [phone]));

test("finds each of several", () => {
  assert.deepEqual(found("415-555-2671, +44 20 7946 0958 or 020 7946 0958"), [
    "415-555-2671",
    "+44 20 7946 0958",
    "020 7946 0958",
  ]);
});

const others: readonly [what: string, text: string][] = [
  ["an order", "Order 415-555-2671 has shipped"],
  ["an order though calls are spoken of", "call about order no. 415-555-2671"],
  ["a book", "ISBN 0-306-40615-2"],
  ["a date and a time", "2024-11-22 14 30, 22.11.2024 12"],
  ["a time stamp", "at 1700000000 and 1700000000000"],
  ["a version", "version 020.7946.0958"],
  ["a part of a longer chain", "4189 0299 6664 5581"],
  ["a decimal", "0.039361618217591"],
  ["a population", "612 345 678 inhabitants"],
  ["a call of a function", "call 12345678 returned"],
  ["ten digits in one piece, unnamed", "4155552671"],
  ["an exchange that cannot be", "415-155-2671"],
  ["a sum", "5 + 1234567890"],
  ["no country's code", "+999 123 4567"],
  ["letters at its end", "415-555-2671x"],
  ["an identifier", "id: 415-555-2671"],
];
for (const [what, text] of others) test(`takes none from ${what}`, () => assert.deepEqual(found(text), []));

test("says what it relies on", () => {
  const confidence = (text: string) => spans(text).map((span) => span.confidence);
  assert.deepEqual(confidence("+44 20 7946 0958"), ["validated"]);
  assert.deepEqual(confidence("call 020 7946 0958"), ["contextual"]);
  assert.deepEqual(confidence("020 7946 0958"), ["bare"]);
});

test("plans: calling codes of one to three digits, and countries by name", () => {
  assert.equal(isInternational("442079460958"), true);
  assert.equal(isInternational("35312345678"), true);
  assert.equal(isInternational("44"), false);
  assert.equal(isNational("2079460958", "GB"), true);
  assert.equal(isNational("2079460958", "nowhere"), false);
});

test("forms: brackets and marks matter", () => {
  assert.equal(isWrittenAsPhone("(3) 3-4", "1235551234"), true);
  assert.equal(isWrittenAsPhone("3-3-4", "1235551234"), false);
  assert.equal(isWrittenAsPhone("2 2 2 2", "01020304"), false);
});

test("groups: an open bracket that is not closed is left out", () => {
  assert.equal(readPhoneGroups(readPiiText(fold("(030 1234567")), 0).start, 1);
  assert.equal(readPhoneGroups(readPiiText(fold("(030) 1234567")), 0).start, 0);
});
