import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { plain } from "./plain.ts";

const rows: readonly (readonly [sentence: string, text: string, expected: string, rules: string])[] = [
  ["plain words stay", "Net revenue rose 4 %, or $12m.\n\tSee table 3.", "", ""],
  ["CR LF stays", "one\r\ntwo\r\n", "", ""],
  ["a lone carriage return is a new line", "ok\rno", "ok\nno", "line_end"],
  ["line and paragraph separators are new lines", "a\u2028b\u2029c\x85d\fe\vf", "a\nb\nc\nd\ne\nf", "line_end"],
  ["NUL, backspace, escape and DEL go", "a\0b\bc\x1bd\x7fe", "abcde", "control"],
  ["C1 controls go", "a\x9b31mb\x90c", "a31mbc", "control"],
  ["overrides of direction go", "user\u202etxt.exe\u202c", "usertxt.exe", "bidi"],
  ["isolates go", "a\u2066b\u2069c", "abc", "bidi"],
  ["a zero-width space in a word goes", "pass\u200bword", "password", "zero_width"],
  ["a byte order mark goes", "\ufeffHello", "Hello", "zero_width"],
  ["invisible signs of mathematics and fillers go", "a\u2062b\u3164c\uffa0d\u2060e", "abcde", "zero_width"],
  ["joiners between Latin letters go", "a\u200db\u200cc", "abc", "zero_width"],
  ["tags go", "hi\u{e0069}\u{e0067}\u{e006e}", "hi", "tag"],
  ["private use goes", "a\ue200b\u{f0000}c\u{10fffd}d", "abcd", "private"],
  ["noncharacters go", "a\ufdd0b\uffffc\u{1ffff}d", "abcd", "private"],
  ["half a pair is shown as unknown", "a\ud800b\udc00", "a\ufffdb\ufffd", "surrogate"],
  ["a Hindi word keeps its joiners", "क्\u200dष and क्\u200cष", "", ""],
  ["a Persian word keeps its non-joiner", "می\u200cخواهم", "", ""],
  ["a second joiner in a row goes", "می\u200c\u200cخواهم", "می\u200cخواهم", "zero_width"],
  ["a family stays one picture", "👨‍👩‍👧‍👦 and 🏳️‍🌈, ❤️‍🔥, 🧑🏽‍💻", "", ""],
  ["signs with a selector stay", "1️⃣ #️⃣ ☎️ ✔︎ ©️", "", ""],
  ["a selector on a letter goes", "a\ufe0fb\ufe00", "ab", "zero_width"],
  ["bytes hidden in selectors behind a picture go", "😀\ufe0f\u{e0101}\u{e0102}\ufe02", "😀\ufe0f", "zero_width"],
  ["an ideograph keeps its variant", "葛\u{e0100}城", "", ""],
  ["the flag of Scotland stays", "🏴󠁧󠁢󠁳󠁣󠁴󠁿!", "", ""],
  ["tags that spell no flag go", "🏴\u{e0061}\u{e0062}\u{e007f}", "🏴", "tag"],
  ["Hebrew keeps a mark of direction", "שלום\u200f!", "", ""],
  ["Arabic keeps a mark of direction", "(\u061cنعم)", "", ""],
  ["a mark of direction in English goes", "a\u200eb\u200fc", "abc", "zero_width"],
  ["marks of direction in a row go but one", "שלום\u200f\u200e\u200f!", "שלום\u200f!", "zero_width"],
  ["Thai keeps places to break a line", "ภาษา\u200bไทย", "", ""],
];

for (const [sentence, text, expected, rules] of rows) {
  test(sentence, () => {
    const cleaned = plain(text);
    assert.equal(JSON.stringify(cleaned.text), JSON.stringify(rules === "" ? text : expected));
    assert.equal(cleaned.changes.map(({ rule }) => rule.replace("sanitise.", "")).join(" "), rules);
  });
}

test("changes are counted by rule", () => {
  assert.deepEqual(plain("\0\0a\u202eb\0").changes, [
    { rule: "sanitise.control", count: 3 },
    { rule: "sanitise.bidi", count: 1 },
  ]);
});

const awkward = fc.constantFrom(
  ..."\u200b \u200c \u200d \u200e \u200f \u202e \u2066 \ufe0f \ufe00 \ufeff \r \n \0 \x1b א ع क ् ก 葛 a 1 # ❤ 👩 🏴 🏽 \ud83d \udc00".split(
    " ",
  ),
  "\u{e0067}",
  "\u{e007f}",
  "\u{e0101}",
  "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
  " ",
);

test("cleaning twice changes nothing, whatever the text", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(awkward, fc.string({ unit: "binary" })), { maxLength: 20 }), (parts) => {
      const once = plain(parts.join("")).text;
      assert.deepEqual(plain(once), { text: once, changes: [] });
    }),
    { numRuns: 2000 },
  );
});

test("ordinary characters come back in their order", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...Array.from("abz \u200b\u202e\0é漢😀")) }), (text) => {
      const seen = (of: string): string => of.replaceAll(/[\u200b\u202e\0]/g, "");
      assert.equal(plain(text).text, seen(text));
    }),
  );
});
