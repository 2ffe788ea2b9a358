/** Payment cards: what is one, in which spellings, and the numbers that look like one and are not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fold } from "../../text/fold.ts";
import { luhn } from "../checksums.ts";
import { readPiiText } from "../pii-text.ts";
import { findCards } from "./card.ts";

const found = (text: string) => findCards(readPiiText(fold(text))).map(({ start, end }) => text.slice(start, end));

/** Test numbers as the networks publish them. */
const cards: readonly [network: string, number: string][] = [
  ["Visa, 16 digits", "4111111111111111"],
  ["Visa, 13 digits", "4222222222222"],
  ["Visa, 19 digits", "4917610000000000003"],
  ["Mastercard, 5 series", "5555555555554444"],
  ["Mastercard, lowest of the 2 series", "2221000000000009"],
  ["Mastercard, highest of the 2 series", "2720990000000007"],
  ["American Express", "378282246310005"],
  ["Diners Club", "30569309025904"],
  ["Diners Club, 36", "36006666333344"],
  ["Discover", "6011111111111117"],
  ["JCB", "3530111333300000"],
  ["UnionPay", "6200000000000005"],
  ["UnionPay, 19 digits", "6205500000000000004"],
  ["Maestro", "6759649826438453"],
  ["Mir", "2200000000000004"],
  ["JCB, 15 digits", "213176828496175"],
  ["Maestro, 12 digits after the word card", "630427373398"],
];
for (const [network, number] of cards) {
  test(`finds ${network}, in one piece`, () => {
    assert.ok(luhn(number), "the example must be valid");
    assert.deepEqual(found(`card ${number}, thanks`), [number]);
  });
}

const spellings: readonly [how: string, text: string, card: string][] = [
  ["in groups of four", "pay 4111 1111 1111 1111 now", "4111 1111 1111 1111"],
  ["with dashes", "4111-1111-1111-1111", "4111-1111-1111-1111"],
  ["with dots", "4111.1111.1111.1111", "4111.1111.1111.1111"],
  ["as American Express prints it", "3782 822463 10005", "3782 822463 10005"],
  ["as Diners Club prints it", "3056 930902 5904", "3056 930902 5904"],
  ["digit by digit", "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1"],
  ["over a line end", "4111 1111\n1111 1111", "4111 1111\n1111 1111"],
  ["with its security code after it", "4111 1111 1111 1111 123", "4111 1111 1111 1111"],
  ["after another number", "exp 12 4111 1111 1111 1111", "4111 1111 1111 1111"],
  ["at the end of a sentence", "It is 4111111111111111.", "4111111111111111"],
  ["in brackets", "(4111111111111111)", "4111111111111111"],
  ["after an equals sign", "card=4111111111111111;", "4111111111111111"],
];
for (const [how, text, card] of spellings) {
  test(`finds a card ${how}`, () => assert.deepEqual(found(text), [card]));
}

test("finds several cards side by side", () => {
  assert.deepEqual(found("4111 1111 1111 1111 5555 5555 5555 4444"), ["4111 1111 1111 1111", "5555 5555 5555 4444"]);
});

const others: readonly [what: string, text: string][] = [
  ["a wrong checksum", "4111111111111112"],
  ["no issuer's prefix", "1234567812345670"],
  ["12 digits of Visa", "411111111111"],
  ["12 digits of Maestro without a word that says so", "order 630427373398"],
  ["20 digits", "41111111111111111111"],
  ["a wrong length for the network", "37828224631000"],
  ["a UUID of digits", "41111111-1111-4111-8111-111111111111"],
  ["the middle of a UUID", "a0eebc99-4111-1111-1111-111111111111"],
  ["a hash", "9f4111111111111111ab"],
  ["a decimal fraction", "0.4111111111111111"],
  ["a timestamp in milliseconds", "1700000000000 and 1732294800000"],
  ["a date and a time", "2024-11-22 14:30:15 2024-11-23"],
  ["a version", "4.11.111.1111.11111"],
  ["a longer chain of dashes", "22-4111-1111-1111-1111-7"],
  ["groups of odd sizes", "411 11111 1111 1111"],
  ["letters in between", "4111x1111x1111x1111"],
  ["an identifier", "order_4111111111111111"],
];
for (const [what, text] of others) {
  test(`takes no card from ${what}`, () => assert.deepEqual(found(text), []));
}

test("Luhn: the empty number has no checksum, a wrong digit or a swap breaks it", () => {
  assert.equal(luhn(""), false);
  assert.equal(luhn("79927398713"), true);
  assert.equal(luhn("79927398710"), false);
  assert.equal(luhn("97927398713"), false);
});
