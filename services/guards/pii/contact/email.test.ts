/** E-mail addresses, and the things with an @ that are none. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fold } from "../../text/fold.ts";
import { readPiiText } from "../pii-text.ts";
import { findEmails } from "./email.ts";

const found = (text: string) => findEmails(readPiiText(fold(text))).map(({ start, end }) => text.slice(start, end));

const addresses: readonly [what: string, text: string, address: string][] = [
  ["plain", "write to ann@example.com today", "ann@example.com"],
  ["with a tag and a subdomain", "ann.lee+news@mail.example.co.uk", "ann.lee+news@mail.example.co.uk"],
  ["at the end of a sentence", "It is ann@example.com.", "ann@example.com"],
  ["in angle brackets", "Ann <ann@example.com>", "ann@example.com"],
  ["after mailto", "mailto:ann@example.com?subject=x", "ann@example.com"],
  ["after an equals sign", "email=ann@example.com&x=1", "ann@example.com"],
  ["in quotes", "'ann@example.com'", "ann@example.com"],
  ["with an apostrophe in the name", "miles.o'brien@example.com", "miles.o'brien@example.com"],
  ["with digits and dashes", "a1-b2@my-shop.io", "a1-b2@my-shop.io"],
  ["with an encoded top domain", "ann@example.xn--p1ai", "ann@example.xn--p1ai"],
  ["in another script", "用户@例子.公司", "用户@例子.公司"],
  ["followed by a comma", "ann@example.com,bob", "ann@example.com"],
];
for (const [what, text, address] of addresses) {
  test(`finds an address ${what}`, () => assert.deepEqual(found(text), [address]));
}

test("finds each of several addresses", () => {
  assert.deepEqual(found("a@b.co;c@d.org c@d.org"), ["a@b.co", "c@d.org", "c@d.org"]);
});

const others: readonly [what: string, text: string][] = [
  ["a package with a version", "install left-pad@1.2.3 and pkg@2.0.1-beta.rc"],
  ["a handle", "thanks @ann and @example.com"],
  ["credentials in a URL", "postgres://user:word@db.example.com/x and https://ann@example.com/"],
  ["no top domain", "ann@localhost"],
  ["a numeric domain", "ann@10.0.0.1"],
  ["a dot at the wrong place", "ann.@example.com and a..b@example.com and ann@.com"],
  ["a domain with a dash at an end", "ann@-shop.com"],
  ["two signs in a row", "ann@@example.com"],
  ["a lonely sign", "a @ b.com"],
];
for (const [what, text] of others) {
  test(`takes no address from ${what}`, () => assert.deepEqual(found(text), []));
}
