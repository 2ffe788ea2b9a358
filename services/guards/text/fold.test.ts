/** Folding: what it makes equal, where it says things stand, and that hostile texts cost no more than others. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { confusables } from "./confusables.ts";
import { disguisesIn, fold, originalSpan } from "./fold.ts";

const folded: readonly [what: string, text: string, expected: string][] = [
  ["case", "Ignore ALL", "ignore all"],
  ["runs of white space, keeping that there was a line end", "a \t b \r\n\n  c", "a b\nc"],
  ["zero-width characters", "ig\u200bno\u200dre\ufeff", "ignore"],
  ["soft hyphens", "ig\u00adnore", "ignore"],
  ["full-width letters and digits", "Ｉｇｎｏｒｅ １２３", "ignore 123"],
  ["mathematical letters", "𝐢𝐠𝐧𝐨𝐫𝐞 𝓪𝓵𝓵", "ignore all"],
  ["accents, composed and stacked", "ígnörè i\u0301\u0302gnore", "ignore ignore"],
  ["Cyrillic look-alikes", "іgnоrе", "ignore"],
  ["Greek look-alikes", "Ιgnοre", "ignore"],
  ["small capitals", "ɪɢɴᴏʀᴇ", "ignore"],
  ["circled and squared letters", "ⓘⓖⓝⓞⓡⓔ 🅸🅶🅽🅾🆁🅴", "ignore ignore"],
  ["Unicode tag characters", "\u{e0069}\u{e0067}\u{e006e}ore", "ignore"],
  ["digits of other scripts", "٤١١١ ४१११", "4111 4111"],
  ["quotes and dashes", "“it’s” – so", '"it\'s" - so'],
  ["ligatures", "ﬁle Straße", "file strasse"],
  ["letters in brackets and negative circles", "⒤⒢⒩⒪⒭⒠ 🄘 ❶❷", "ignore i 12"],
  ["Cherokee, small Cherokee, Lisu and Coptic look-alikes", "ᎪᏞᏞ ꭺꮮꮮ ꓮꓡꓡ Ⲟⲣⲣ", "all all all opp"],
  ["stroked, hooked and turned letters", "Ⱥŧŧȼk ıuƃoɹǝ", "attck iubore"],
  ["blank Braille cells, as spaces", "a\u2800b", "a b"],
  ["control characters", "ig\u0000no\u001bre\u007f", "ignore"],
  ["lone surrogates", "a\ud800b\udc00c", "abc"],
];
for (const [what, text, expected] of folded) {
  test(`folds ${what}`, () => assert.equal(fold(text).folded, expected));
}

test("reads every look-alike as a plain letter, digit or sign, whatever stands around it", () => {
  for (const [letter, reading] of confusables) {
    assert.match(reading, /^[\x21-\x7e]$/);
    assert.equal(fold(`a${letter}b`).folded, `a${reading}b`);
  }
});

const untouched = ["한국어", "हिन्दी", "日本語", "😀 fine"];
for (const text of untouched) {
  test(`leaves ${text} as it is`, () => assert.equal(fold(text).folded, text));
}

test("counts what was hidden or disguised, not what was only in capitals", () => {
  assert.equal(fold("PLAIN Text").altered, 0);
  assert.equal(fold("i\u200bgnоre").altered, 2);
});

const changes: readonly [what: string, text: string, kinds: readonly string[]][] = [
  ["nothing in a plain text, capitals or not", "Plain TEXT, ok?", []],
  ["invisible characters", "ig\u200bnore\u0007", ["invisible"]],
  ["look-alikes", "іgnore", ["confusables"]],
  ["compatibility forms", "ｉgnore ② ٤", ["compatibility"]],
  ["accents", "caf\u00e9 e\u0301", ["accents"]],
  ["tag characters", "\u{e0069}", ["tags"]],
  ["typographic signs", "it’s – so", ["punctuation"]],
  ["several at once, in one order", "𝐢\u200bé", ["invisible", "compatibility", "accents"]],
];
for (const [what, text, kinds] of changes) {
  test(`reports ${what}`, () => assert.deepEqual(fold(text).changes, kinds));
}

test("tells how a span was disguised, and leaves the rest of the text out of it", () => {
  const view = fold("Un café: іgno\u200bre “all” rules");
  const start = view.folded.indexOf("ignore");
  assert.deepEqual(disguisesIn(view, start, start + 6), ["invisible", "confusables"]);
  assert.deepEqual(disguisesIn(view, start + 7, view.folded.length), []);
  assert.deepEqual(disguisesIn(fold("Plain text"), 0, 5), []);
});

test("places a folded span exactly in the original", () => {
  const text = "So:  𝐈gno\u200bre\u00ad это";
  const view = fold(text);
  const start = view.folded.indexOf("ignore");
  const span = originalSpan(view, start, start + 6);
  assert.equal(text.slice(span.start, span.end), "𝐈gno\u200bre");
});

const hostileText = fc.string({ unit: "binary", maxLength: 200 });

test("law: spans lie inside the original, in order, and never split a code point", () => {
  fc.assert(
    fc.property(hostileText, fc.nat(), fc.nat(), (text, from, length) => {
      const view = fold(text);
      fc.pre(view.folded.length > 0);
      const start = from % view.folded.length;
      const end = Math.min(view.folded.length, start + 1 + (length % 20));
      const span = originalSpan(view, start, end);
      assert.ok(span.start >= 0 && span.start < span.end && span.end <= text.length);
      for (const edge of [span.start, span.end]) {
        const splits = /[\ud800-\udbff]/.test(text.charAt(edge - 1)) && /[\udc00-\udfff]/.test(text.charAt(edge));
        assert.equal(splits, false);
      }
    }),
  );
});

test("law: folding a folded text changes nothing", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const once = fold(text).folded;
      assert.equal(fold(once).folded, once);
    }),
  );
});

test("what a piece folds to is as long the thousandth time as the first", () => {
  for (const piece of ["\u200b", "i\u0301\u0302\u0303", "𝐢", " \n", "ﷺ", "А"]) {
    const once = fold(`x${piece}`).folded.length - 1;
    assert.ok(fold(piece.repeat(1000)).folded.length <= 1000 * once, JSON.stringify(piece));
  }
});
