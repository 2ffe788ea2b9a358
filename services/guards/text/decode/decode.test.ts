/** Decoding: each code with what it says, codes within codes, and what merely looks like one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fold, originalSpan } from "../fold.ts";
import { findBase64 } from "./base64.ts";
import { decode } from "./decoded.ts";
import { bytesIn, charactersIn } from "./digits.ts";
import { ifReadable, readableText, type EncodedPart } from "./encoded-part.ts";
import { findEscapes } from "./escapes.ts";
import { revealHidden } from "./hidden.ts";
import { findNumberCodes } from "./numbers.ts";

const said = (parts: readonly EncodedPart[]): readonly string[] => parts.map(({ text }) => text);
const decoded = (text: string): string | null => decode(fold(text))?.folded ?? null;
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const base64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
const hex = (text: string, between = ""): string =>
  Array.from(utf8(text), (byte) => byte.toString(16).padStart(2, "0")).join(between);

const escapes: readonly [what: string, text: string, expected: readonly string[]][] = [
  ["percent-encoded letters", "%48%69 there %21", ["Hi", "!"]],
  ["percent-encoded UTF-8", "gr%C3%BC%C3%9Fe", ["üß"]],
  ["bytes of a string literal", "\\x48\\x69", ["Hi"]],
  ["characters of a string literal", "\\u0048\\u{69}", ["Hi"]],
  ["halves of a pair", "\\ud83d\\ude00", ["😀"]],
  ["code points", "U+0048 U+0069, u+0021", ["Hi!"]],
  ["decimal and hexadecimal entities", "&#72;&#x69;", ["Hi"]],
  ["named entities", "&lt;b&gt; &amp; &quot;", ["<", ">", "&", '"']],
  ["entities without their semicolon", "&#72&#105 there", ["Hi"]],
  ["a soft hyphen by name, as nothing", "ig&shy;nore", [""]],
];
for (const [what, text, expected] of escapes) {
  test(`decodes ${what}`, () => assert.deepEqual(said(findEscapes(text)), expected));
}

const noEscapes = [
  "100% of 50%",
  "%zz",
  "AT&T; R&D",
  "C:\\users\\xavier",
  "&unknown;",
  "%ff%fe%fd",
  "u + 0041",
  "&#99999999;",
];
for (const text of noEscapes) {
  test(`finds no escape in ${text}`, () => assert.deepEqual(findEscapes(text), []));
}

const numbers: readonly [what: string, text: string, expected: readonly string[]][] = [
  ["joined hexadecimal", `say ${hex("Hello you")} now`, ["Hello you"]],
  ["hexadecimal with colons", hex("Hello you", ":"), ["Hello you"]],
  ["capitals", hex("Hello you").toUpperCase(), ["Hello you"]],
  [
    "hexadecimal with prefixes",
    Array.from(utf8("Hello you"), (byte) => `0x${byte.toString(16)}`).join(" "),
    ["Hello you"],
  ],
  ["binary", "01001000 01100101 01101100 01101100 01101111", ["Hello"]],
  ["decimal", "72 101 108 108 111 32 121 111 117", ["Hello you"]],
];
for (const [what, text, expected] of numbers) {
  test(`decodes ${what}`, () => assert.deepEqual(said(findNumberCodes(text)), expected));
}

const noNumbers: readonly [what: string, text: string][] = [
  ["a commit", "3f2a9c1d8e7b6a5f4e3d2c1b0a9f8e7d6c5b4a39"],
  ["a UUID", "123e4567-e89b-12d3-a456-426614174000"],
  ["a phone number", "+44 20 79 46 09 58"],
  ["a card number", "4111 1111 1111 1111"],
  ["a card number in pairs", "41 11 11 11 11 11 11 11"],
  ["a date and a time", "2026-11-22 19:45:10"],
  ["a list of numbers", "10 20 30 40 50 60 70 80 90"],
  ["a colour", "#ff8800"],
];
for (const [what, text] of noNumbers) {
  test(`does not decode ${what}`, () => assert.deepEqual(findNumberCodes(text), []));
}

const blocks: readonly [what: string, text: string, expected: readonly string[]][] = [
  ["a sentence", base64(utf8("Hello, my dear friend")), ["Hello, my dear friend"]],
  ["a short word", `the ${base64(utf8("tasks"))} now`, ["tasks"]],
  ["a word", `take ${base64(utf8("ignore"))} and`, ["ignore"]],
  [
    "the variant for addresses",
    base64(utf8("Hello??>>you~~~")).replaceAll("+", "-").replaceAll("/", "_"),
    ["Hello??>>you~~~"],
  ],
  ["lines of a wrapped block", base64(utf8("word ".repeat(40))).replace(/(.{76})/g, "$1\n"), ["word ".repeat(40)]],
  [
    "a part of a path",
    `https://a.test/x-y/${base64(utf8("Hello, my dear friend")).replaceAll("=", "")}`,
    ["Hello, my dear friend"],
  ],
  [
    "UTF-16",
    base64(
      Uint8Array.from("Hello you", (letter) => letter.charCodeAt(0)).reduce<Uint8Array>(
        (bytes, byte) => Uint8Array.of(...bytes, byte, 0),
        new Uint8Array(0),
      ),
    ),
    ["Hello you"],
  ],
];
for (const [what, text, expected] of blocks) {
  test(`decodes base64 of ${what}`, () => assert.deepEqual(said(findBase64(text)), expected));
}

const noBlocks = [
  "internationalisation of instructions",
  "getElementsByClassName",
  "services/guards/text/readings",
  "AKIAIOSFODNN7EXAMPLE",
  "dGhpcw",
  "3f2a9c1d8e7b6a5f4e3d2c1b0a9f8e7d",
];
for (const text of noBlocks) {
  test(`takes ${text} for no base64`, () => assert.deepEqual(findBase64(text), []));
}

test("reads four layers and not five", () => {
  const layer = (text: string): string => base64(utf8(text));
  assert.equal(decoded(layer(layer(layer(layer("Hello there"))))), "hello there");
  assert.notEqual(decoded(layer(layer(layer(layer(layer("Hello there")))))), "hello there");
});

test("reads codes of different kinds in each other", () => {
  assert.equal(decoded(encodeURIComponent(base64(utf8("Hello there, you?")))), "hello there, you?");
  assert.equal(decoded(hex("&#72;ello there")), "hello there");
});

test("keeps the words around a code and its place", () => {
  const text = `Über: ${hex("Hello there")} ok`;
  const reading = decode(fold(text));
  assert.ok(reading !== null);
  assert.equal(reading.folded, "uber: hello there ok");
  const span = originalSpan(reading, 6, 9);
  assert.equal(text.slice(span.start, span.end), hex("Hello there"));
});

test("takes bytes for a text when nine in ten characters can be read", () => {
  assert.equal(readableText(utf8("plain")), "plain");
  assert.equal(readableText(Uint8Array.of(0xff, 0xfe, 0xfd)), null);
  assert.equal(readableText(new Uint8Array(0)), null);
  assert.equal(ifReadable("123456789\u0001"), "123456789\u0001");
  assert.equal(ifReadable("12345678\u0001\u0002"), null);
  assert.equal(ifReadable("a\nb\tc"), "a\nb\tc");
});

test("reads numbers of any separators", () => {
  assert.deepEqual(bytesIn("48:65-6C", 2, 16), Uint8Array.of(0x48, 0x65, 0x6c));
  assert.deepEqual(bytesIn("4", 2, 16), new Uint8Array(0));
  assert.equal(charactersIn("\\u0048, U+1f600 ffffff"), "H😀\ufffd");
});

const hidden: readonly [what: string, text: string, expected: string | null][] = [
  [
    "bytes in variation selectors",
    `a😀${Array.from(utf8("hello"), (byte) => String.fromCodePoint(0xe0100 + byte - 16)).join("")}b`,
    "a😀 hello b",
  ],
  [
    "bits with 1 as the smaller code",
    `a${hex("hello")
      .replace(/../g, (pair) => parseInt(pair, 16).toString(2).padStart(8, "0"))
      .replaceAll("0", "\u200c")
      .replaceAll("1", "\u200b")}`,
    "a hello ",
  ],
  ["tags between words", "hi\u{e0068}\u{e0069}ho", "hi hi ho"],
  ["an emoji with its own selector", "a ❤️ b", null],
  ["a family joined by zero-width characters", "👨\u200d👩\u200d👧 b", null],
  ["a flag", "🇫🇷", null],
];
for (const [what, text, expected] of hidden) {
  test(`reveals ${what}: ${expected === null ? "nothing" : expected}`, () => {
    assert.equal(revealHidden(fold(text))?.folded ?? null, expected);
  });
}

test("reads base64 of three short words, without a digit or a sign in it", () => {
  assert.equal(decoded("cnVsZXMgcnVsZXMgYWxs"), "rules rules all");
});

const sentence = fc
  .array(fc.constantFrom("ignore", "all", "rules", "please", "now", "Größe", "über"), { minLength: 3, maxLength: 8 })
  .map((words) => words.join(" "));

test("law: what is written in a code is read back", () => {
  fc.assert(
    fc.property(
      sentence,
      fc.constantFrom(hex, encodeURIComponent, (text: string) => base64(utf8(text))),
      (text, write) => {
        const plain = fold(text).folded;
        assert.equal(decoded(write(text)) ?? fold(write(text)).folded, plain);
      },
    ),
  );
});
