/** What each action leaves in a text, and the laws of all of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { PiiAction } from "../../../schemas/control/harness-definition.ts";
import { luhn } from "../pii/checksums.ts";
import { fold } from "../text/fold.ts";
import type { Tokeniser } from "./cryptography.ts";
import { findPersonalData, privacyRules, type PrivacyRules } from "./find-personal-data.ts";
import { PseudonymBook } from "./pseudonym-book.ts";
import { replaceValues } from "./replace-values.ts";
import { pseudonymsIn, replacePseudonyms } from "./token-forms.ts";

/** No cryptography, but the same for the same: the real one has its own tests. */
const tokeniser: Tokeniser = {
  tokenOf({ clientId, entity }, value) {
    let hash = 7;
    for (const char of clientId + entity + value) hash = (hash * 31 + char.charCodeAt(0)) % 0xff_ff_ff_ff;
    return `abcd${hash.toString(16).padStart(8, "0")}`;
  },
};

const everything = ["card", "ssn", "email", "iban", "phone", "ip", "mac"];

function rulesFor(action: PiiAction): PrivacyRules {
  return privacyRules({
    entities: Object.fromEntries(everything.map((entity) => [entity, action])),
    custom: [],
    failMode: "closed",
  });
}

function replaced(text: string, action: PiiAction, book = new PseudonymBook(new Set(pseudonymsIn(text)))): string {
  return replaceValues(text, findPersonalData(fold(text), rulesFor(action)), { clientId: "acme", tokeniser, book });
}

const text = "Card 4111 1111 1111 1111, mail ann@example.com and Ann@Example.com.";
const results: readonly [action: PiiAction, expected: RegExp][] = [
  ["allow", /^Card 4111 1111 1111 1111, mail ann@example.com and Ann@Example.com\.$/],
  ["redact", /^Card \[CARD\], mail \[EMAIL\] and \[EMAIL\]\.$/],
  ["block", /^Card \[CARD\], mail \[EMAIL\] and \[EMAIL\]\.$/],
  ["mask", /^Card \*{4} \*{4} \*{4} 1111, mail a\*\*\*@example\.com and A\*\*\*@Example\.com\.$/],
  ["hash", /^Card \[CARD:[0-9a-f]{12}\], mail (\[EMAIL:[0-9a-f]{12}\]) and \1\.$/],
  ["pseudonymise", /^Card \[CARD_1\], mail \[EMAIL_1\] and \[EMAIL_1\.2\]\.$/],
];
for (const [action, expected] of results) {
  test(`${action} leaves what it says`, () => assert.match(replaced(text, action), expected));
}

test("of an encoded value a mask shows nothing, and a pseudonym brings it back as it was", () => {
  const link = "https://x.test/?mail=ann%40example.com&to=bob";
  assert.equal(replaced(link, "mask"), "https://x.test/?mail=********&to=bob");
  const book = new PseudonymBook(new Set());
  assert.equal(replaced(link, "pseudonymise", book), "https://x.test/?mail=[EMAIL_1]&to=bob");
  assert.deepEqual([...book.values], [["[EMAIL_1]", "ann%40example.com"]]);
});

test("a value in a code and the same value plain are one", () => {
  const both = "ann%40example.com is ann@example.com";
  assert.match(replaced(both, "hash"), /^(\[EMAIL:[0-9a-f]{12}\]) is \1$/);
  assert.equal(replaced(both, "pseudonymise"), "[EMAIL_1] is [EMAIL_1.2]");
});

test("a hash without a key is an error, never a value let through", () => {
  const data = findPersonalData(fold(text), rulesFor("hash"));
  const book = new PseudonymBook(new Set());
  assert.throws(() => replaceValues(text, data, { clientId: "acme", tokeniser: null, book }), /no key/);
});

const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`));
const card = fc.tuple(fc.constantFrom("4", "51", "2221", "6011", "3530"), digits(15)).map(([prefix, rest]) => {
  const body = (prefix + rest).slice(0, 15);
  return body + ("0123456789".split("").find((digit) => luhn(body + digit)) ?? "0");
});
const grouped = card.map((number) => number.replace(/(\d{4})(?=\d)/g, "$1 "));
const email = fc
  .tuple(fc.stringMatching(/^[a-z][a-z0-9]{0,12}$/), fc.stringMatching(/^[a-z]{2,10}$/))
  .map(([name, host]) => `${name}@${host}.com`);
const ssn = fc
  .tuple(fc.integer({ min: 100, max: 665 }), digits(1), digits(3))
  .map(([area, group, serial]) => `${area}-${group}7-${serial}4`);
const value = fc.oneof(card, grouped, email, ssn);
const around = fc.stringMatching(/^(?:[A-Za-zäß🙂]{6,9}[ ,.!?\n]){0,5}$/u);
const marks = fc.constantFrom("", "[CARD]", "[EMAIL_1]", "[CARD_1]", "[SSN:8f3a21c04d7e]");
const parts = fc.array(fc.tuple(around, marks, value), { minLength: 1, maxLength: 6 });
const written = (list: readonly (readonly [string, string, string])[]) =>
  list.map(([before, mark, secret]) => `${before}${mark} ; ${secret} ; `).join("");
const replacing = fc.constantFrom<PiiAction>("redact", "mask", "hash", "pseudonymise", "block");

test("law: after replacing, no value is left, and the text between stays as it was", () => {
  fc.assert(
    fc.property(parts, replacing, (list, action) => {
      const result = replaced(written(list), action);
      let at = 0;
      for (const [before, mark, secret] of list) {
        assert.equal(result.includes(secret), false);
        const kept = `${before}${mark} ; `;
        const place = result.indexOf(kept, at);
        assert.ok(place >= 0);
        at = place + kept.length;
      }
    }),
  );
});

test("law: what is let through hides nothing that is as sure and is not", () => {
  const policy = fc.record({
    card: fc.constant<PiiAction>("redact"),
    email: fc.constantFrom<PiiAction>("allow", "redact"),
    ssn: fc.constantFrom<PiiAction>("allow", "redact"),
  });
  const glued = fc.array(fc.tuple(value, fc.constantFrom(" ", ", ", "@example.com ", "/", ";")), { maxLength: 5 });
  fc.assert(
    fc.property(policy, glued, (entities, list) => {
      const before = list.flat().join("");
      const alone = privacyRules({ entities: { card: "redact" }, custom: [], failMode: "closed" });
      const rules = privacyRules({ entities, custom: [], failMode: "closed" });
      const found = findPersonalData(fold(before), rules);
      for (const { start, end, confidence } of findPersonalData(fold(before), alone)) {
        const over = found.find((datum) => datum.start <= start && end <= datum.end);
        assert.ok(over !== undefined && (over.action === "redact" || confidence !== "validated"));
      }
    }),
  );
});

test("law: replacing twice is replacing once", () => {
  fc.assert(
    fc.property(parts, replacing, (list, action) => {
      const once = replaced(written(list), action);
      assert.equal(replaced(once, action), once);
    }),
  );
});

test("law: values put back for their pseudonyms give the text as it was, whatever it held before", () => {
  fc.assert(
    fc.property(parts, (list) => {
      const before = written(list);
      const book = new PseudonymBook(new Set(pseudonymsIn(before)));
      const hidden = replaced(before, "pseudonymise", book);
      assert.equal(
        replacePseudonyms(hidden, (token) => book.values.get(token)),
        before,
      );
    }),
  );
});

test("law: every span found lies in the text and they come in order", () => {
  fc.assert(
    fc.property(parts, fc.string(), (list, noise) => {
      const before = written(list) + noise;
      let end = 0;
      for (const datum of findPersonalData(fold(before), rulesFor("redact"))) {
        assert.ok(end <= datum.start && datum.start < datum.end && datum.end <= before.length);
        end = datum.end;
      }
    }),
  );
});
