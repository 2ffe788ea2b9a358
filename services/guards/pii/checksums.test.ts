/** Check digits: published examples hold, and a changed digit breaks them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ibanChecks, luhn, mod11And10, remainder, verhoeff, weighted } from "./checksums.ts";

const valid: readonly [name: string, checks: (digits: string) => boolean, number: string][] = [
  ["Luhn", luhn, "79927398713"],
  ["Verhoeff", verhoeff, "2363"],
  ["MOD 11,10", mod11And10, "86095742719"],
];
for (const [name, checks, number] of valid) {
  test(`${name}: ${number} holds, and no change of one digit does`, () => {
    assert.equal(checks(number), true);
    for (let at = 0; at < number.length; at++) {
      for (const digit of "0123456789") {
        const changed = number.slice(0, at) + digit + number.slice(at + 1);
        assert.equal(checks(changed), changed === number, changed);
      }
    }
  });
}

const ibans = ["gb82west12345698765432", "de89370400440532013000", "fr1420041010050500013m02606", "no9386011117947"];
for (const iban of ibans) {
  test(`MOD 97-10: ${iban} holds, two of its characters swapped do not`, () => {
    assert.equal(ibanChecks(iban), true);
    assert.equal(ibanChecks(iban.slice(0, -2) + iban.slice(-1) + iban.slice(-2, -1)), iban.at(-1) === iban.at(-2));
  });
}

test("the empty number has no checksum", () => {
  assert.equal(luhn(""), false);
  assert.equal(verhoeff(""), false);
});

test("law: the remainder is that of exact arithmetic", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 40n }), fc.integer({ min: 2, max: 1000 }), (number, modulus) => {
      assert.equal(remainder(String(number), modulus), Number(number % BigInt(modulus)));
    }),
  );
});

test("a weighted sum leaves digits beyond its weights out", () => {
  assert.equal(weighted("1239", [1, 10, 100]), 321);
});

test("law: each body has exactly one Luhn and one Verhoeff digit", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^\d{1,20}$/), (body) => {
      for (const checks of [luhn, verhoeff])
        assert.equal(Array.from("0123456789").filter((digit) => checks(body + digit)).length, 1);
    }),
  );
});
