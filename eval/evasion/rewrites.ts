/**
 * Thirteen ways to write an attack so that a filter of words does not see it,
 * by name. Each gives the same for the same text and seed. All but the typos
 * leave what a person or a model reads; how many letters a rewrite touches is
 * said at each.
 */

export type Rewrite = (text: string, seed: number) => string;

const zeroWidths = ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff"];

/** The look-alikes that attackers use most: Cyrillic, a few Greek ones for what Cyrillic lacks. */
const lookAlikes: ReadonlyMap<string, string> = new Map(
  "aа bЬ cс dԁ eе gɡ hһ iі jј kк lӏ mм nո oо pр qԛ rг sѕ tт uս vѵ wԝ xх yу zᴢ AА BВ CС EЕ HН IІ JЈ KК MМ NΝ OО PР SЅ TТ XХ YҮ ZΖ"
    .split(" ")
    .map((pair) => [pair.charAt(0), pair.slice(1)] as const),
);

const digits: ReadonlyMap<string, string> = new Map(Object.entries({ a: "4", e: "3", i: "1", o: "0", s: "5", t: "7" }));

const accents = ["\u0300", "\u0301", "\u0302", "\u0303", "\u0308"];

const first = { small: 0x1d41a, capital: 0x1d400, digit: 0x1d7ce };

export const rewrites: Readonly<Record<string, Rewrite>> = {
  /** A character without width behind every letter. */
  "zero-width": (text, seed) => perLetter(text, seed, (letter, random) => letter + pick(zeroWidths, random)),
  /** Every second letter, by chance. */
  homoglyph: (text, seed) =>
    perLetter(text, seed, (letter, random) => (random() < 0.5 ? (lookAlikes.get(letter) ?? letter) : letter)),
  /** Every letter that has a digit of its look. */
  leet: (text, seed) => perLetter(text, seed, (letter) => digits.get(letter.toLowerCase()) ?? letter),
  "full-width": (text) =>
    text.replace(/[\x21-\x7e]/g, (sign) => String.fromCodePoint((sign.codePointAt(0) ?? 0) + 0xfee0)),
  /** A space between all characters, so that words stand three spaces apart. */
  spaced: (text) => Array.from(text).join(" "),
  /** An accent on every letter. */
  accents: (text, seed) => perLetter(text, seed, (letter, random) => (letter + pick(accents, random)).normalize("NFC")),
  /** Between every two letters of a word. */
  "soft-hyphen": (text) => text.replace(/(?<=[A-Za-z])(?=[A-Za-z])/g, "\u00ad"),
  "maths-bold": (text) =>
    text.replace(/[A-Za-z0-9]/g, (sign) => {
      if (/[a-z]/.test(sign)) return moved(sign, "a", first.small);
      return /[A-Z]/.test(sign) ? moved(sign, "A", first.capital) : moved(sign, "0", first.digit);
    }),
  /** The whole text, invisible. */
  tags: (text) => text.replace(/[\x20-\x7e]/g, (sign) => String.fromCodePoint((sign.codePointAt(0) ?? 0) + 0xe0000)),
  base64: (text) => btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("")),
  rot13: (text) =>
    text.replace(/[A-Za-z]/g, (letter) =>
      String.fromCharCode(letter.charCodeAt(0) + (/[A-Ma-m]/.test(letter) ? 13 : -13)),
    ),
  hex: (text) => Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, "0")).join(""),
  /** One slip in every word of five letters and more: two letters swapped, one dropped or one doubled, never the first. */
  typo: (text, seed) => {
    const random = randomFrom(seed);
    return text.replace(/[A-Za-z]{5,}/g, (word) => slip(word, random));
  },
};

function moved(sign: string, from: string, to: number): string {
  return String.fromCodePoint((sign.codePointAt(0) ?? 0) - (from.codePointAt(0) ?? 0) + to);
}

type Random = () => number;

function perLetter(text: string, seed: number, write: (letter: string, random: Random) => string): string {
  const random = randomFrom(seed);
  return text.replace(/[A-Za-z]/g, (letter) => write(letter, random));
}

function slip(word: string, random: Random): string {
  const at = 1 + Math.floor(random() * (word.length - 2));
  const [before, letter, next] = [word.slice(0, at), word.charAt(at), word.charAt(at + 1)];
  const kind = Math.floor(random() * 3);
  if (kind === 0) return before + next + letter + word.slice(at + 2);
  return before + (kind === 1 ? "" : letter + letter) + word.slice(at + 1);
}

function pick(choices: readonly string[], random: Random): string {
  return choices[Math.floor(random() * choices.length)] ?? "";
}

/** From 0 to 1, the same row for the same seed (mulberry32). */
function randomFrom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
