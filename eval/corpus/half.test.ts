import assert from "node:assert/strict";
import { test } from "node:test";
import { halfOf, lotOf } from "./half.ts";

test("the first byte of the text's SHA-256 decides: odd is test, even is dev", () => {
  // sha256("abc") begins ba, sha256("") e3, sha256("a") ca
  assert.equal(halfOf("abc"), "dev");
  assert.equal(halfOf(""), "test");
  assert.equal(halfOf("a"), "dev");
});

test("a text is hashed as UTF-8", () => {
  // sha256 of the UTF-8 bytes of these begins cd and d4; as Latin-1 it would be 2e and e5
  assert.equal(halfOf("ß"), "test");
  assert.equal(halfOf("ø"), "dev");
});

test("the halves of many texts are about equal, and the lot is another number than the half", () => {
  const texts = Array.from({ length: 2_000 }, (_, index) => `text ${index}`);
  const tested = texts.filter((text) => halfOf(text) === "test");
  assert.ok(tested.length > 900 && tested.length < 1_100, String(tested.length));
  const low = tested.filter((text) => lotOf(text) < 2 ** 31);
  assert.ok(low.length > tested.length * 0.4 && low.length < tested.length * 0.6, String(low.length));
});
