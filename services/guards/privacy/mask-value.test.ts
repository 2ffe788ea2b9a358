/** What a masked value shows, and that it never shows all. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { piiEntities } from "../pii/entity.ts";
import { maskValue } from "./mask-value.ts";

const cases: readonly [entity: string, value: string, masked: string][] = [
  ["card", "4111 1111 1111 1111", "**** **** **** 1111"],
  ["card", "4111111111111111", "************1111"],
  ["ssn", "536-90-4399", "***-**-4399"],
  ["iban", "DE89 3704 0044 0532 0130 00", "**** **** **** **** **30 00"],
  ["phone", "+1 (415) 555-0132", "+* (***) ***-0132"],
  ["passport", "C01X0006H", "*****006H"],
  ["passport", "1234567", "*******"],
  ["email", "ann@example.com", "a***@example.com"],
  ["email", "a@x.com", "a***@x.com"],
  ["email", "ann＠example.com", "********"],
  ["email", "@example.com", "********"],
  ["birthDate", "1980-05-17", "**********"],
  ["streetAddress", "12 Rope Street", "**************"],
  ["secret", "sk-live-0123456789", "********"],
  ["ip", "192.168.100.200", "***************"],
  ["employeeId", "E-00123456", "*-****3456"],
  ["employeeId", "E-1", "*-*"],
  ["rule", "----", "********"],
];
for (const [entity, value, masked] of cases) {
  test(`${entity} ${value} is shown as ${masked}`, () => assert.equal(maskValue(entity, value), masked));
}

test("law: a masked value never holds the value, and masking it again shows no more", () => {
  const entity = fc.constantFrom(...piiEntities.map((row) => row.entity), "custom");
  const value = fc
    .oneof(fc.string({ minLength: 1 }), fc.stringMatching(/^[0-9A-Z@. -]{1,30}$/))
    .filter((text) => /[^*]/.test(text));
  fc.assert(
    fc.property(entity, value, (kind, text) => {
      const masked = maskValue(kind, text);
      assert.equal(masked.includes(text), false);
      const shown = (given: string) => given.replace(/[^\p{L}\p{N}]/gu, "").length;
      assert.ok(kind === "email" || shown(masked) <= 4);
      assert.ok(shown(maskValue(kind, masked)) <= shown(masked));
    }),
  );
});
