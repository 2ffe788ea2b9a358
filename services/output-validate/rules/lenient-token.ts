/**
 * Reads one token of JSON as models write it (any quotes, comments, bare words,
 * Python's constants) and gives it back as strict JSON writes it. A token that
 * could mean two things is called unclear instead of being given one of them.
 */

export interface Token {
  /** Exclusive. */
  readonly end: number;
  /** As strict JSON writes it; a blank for what carries nothing. */
  readonly strict: string;
  readonly unclear: boolean;
}

const quotes: Readonly<Record<string, string>> = { '"': '"', "'": "'", "`": "`", "“": "”", "‘": "’" };
const bareWord = /[^\s"'`“”‘’,:[\]{}/]+|\//y;
const numberPattern = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" };
/** A map, since a word may be the name of something that every object has. */
const constants: ReadonlyMap<string, string> = new Map([
  ["true", "true"],
  ["false", "false"],
  ["null", "null"],
  ["True", "true"],
  ["False", "false"],
  ["None", "null"],
]);

/** The token at `start`: a string, a comment, a bare word, or one character. */
export function tokenAt(text: string, start: number): Token {
  const char = text[start] ?? "";
  const quote = quotes[char];
  if (quote !== undefined) return stringAt(text, start, quote);
  if (text.startsWith("//", start)) return blank(text, text.indexOf("\n", start));
  if (text.startsWith("/*", start)) return blank(text, text.indexOf("*/", start + 2) + 1);
  bareWord.lastIndex = start;
  const word = bareWord.exec(text)?.[0];
  if (word === undefined) return { end: start + 1, strict: char, unclear: false };
  return { end: start + word.length, ...strictWord(word) };
}

/** A comment: up to and with the character at `last`, or to the end of the text when it never ends. */
function blank(text: string, last: number): Token {
  return { end: last <= 0 ? text.length : last + 1, strict: " ", unclear: false };
}

/** A word that starts like a number but is none, or names what JSON has not, is unclear; another is a string. */
function strictWord(word: string): Pick<Token, "strict" | "unclear"> {
  const constant = constants.get(word);
  if (constant !== undefined) return { strict: constant, unclear: false };
  if (numberPattern.test(word)) return { strict: word, unclear: false };
  const unclear = /^[-+.…\d]/.test(word) || /^(?:NaN|nan|Infinity|inf|undefined)$/.test(word);
  return { strict: JSON.stringify(word), unclear };
}

function stringAt(text: string, start: number, quote: string): Token {
  let value = "";
  let unclear = false;
  let index = start + 1;
  let plainFrom = index;
  for (; index < text.length && text[index] !== quote; index++) {
    if (text[index] !== "\\") continue;
    const escaped = escapeAt(text, index + 1);
    value += text.slice(plainFrom, index) + escaped.value;
    unclear ||= escaped.unclear;
    index += escaped.length;
    plainFrom = index + 1;
  }
  value += text.slice(plainFrom, index);
  unclear ||= index >= text.length;
  return { end: Math.min(index + 1, text.length), strict: JSON.stringify(value), unclear };
}

/** What follows a backslash. An escape that JSON does not know is unclear: its backslash may be meant. */
function escapeAt(
  text: string,
  at: number,
): { readonly value: string; readonly length: number; readonly unclear: boolean } {
  const char = text[at] ?? "";
  if (char === "u") {
    const code = text.slice(at + 1, at + 5);
    if (!/^[0-9a-fA-F]{4}$/.test(code)) return { value: "", length: 1, unclear: true };
    return { value: String.fromCharCode(Number.parseInt(code, 16)), length: 5, unclear: false };
  }
  const value = escapes[char] ?? char;
  return { value, length: char.length, unclear: !/^["'`\\/bfnrt]$/.test(char) };
}
