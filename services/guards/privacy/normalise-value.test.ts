/** Which spellings are one value, and which are two. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { normaliseValue } from "./normalise-value.ts";

const same: readonly [entity: string, one: string, other: string][] = [
  ["card", "4111 1111 1111 1111", "4111-1111-1111-1111"],
  ["card", "4111111111111111", "４１１１ １１１１ １１１１ １１１１"],
  ["card", "4111111111111111", "4111\u200b1111\u200b1111\u200b1111"],
  ["iban", "DE89 3704 0044 0532 0130 00", "de89370400440532013000"],
  ["phone", "+1 (415) 555-0132", "+1 415.555.0132"],
  ["email", "Ann@Example.com", "ann@example.COM"],
  ["mac", "00:1a:2b:3c:4d:5e", "00:1A:2B:3C:4D:5E"],
  ["streetAddress", "12 Rope  Street", "12 rope street"],
  ["employeeId", "E-00 123", "e00123"],
];
for (const [entity, one, other] of same) {
  test(`${entity}: ${one} and ${other} are one`, () => {
    assert.equal(normaliseValue(entity, one), normaliseValue(entity, other));
  });
}

const different: readonly [entity: string, one: string, other: string][] = [
  ["email", "a.b@example.com", "ab@example.com"],
  ["ip", "10.1.1.1", "101.1.1.1"],
  ["secret", "sk-AbC", "sk-abc"],
  ["cryptoAddress", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "1boatslrhtknngkdxeeobr76b53lettpyt"],
  ["coordinates", "1.23, 4.5", "12.3, 4.5"],
  ["card", "4111111111111111", "4111111111111112"],
];
for (const [entity, one, other] of different) {
  test(`${entity}: ${one} and ${other} are two`, () => {
    assert.notEqual(normaliseValue(entity, one), normaliseValue(entity, other));
  });
}

test("a value of marks alone keeps them", () => {
  assert.notEqual(normaliseValue("custom", "--"), normaliseValue("custom", ".."));
});
