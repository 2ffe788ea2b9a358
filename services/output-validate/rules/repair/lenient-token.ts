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
  readonly doubt: Doubt | null;
}

/** It could mean two things, or it names a value that JSON has not: NaN, Infinity, undefined. */
export type Doubt = "unclear" | "no_value";

const quotes: Readonly<Record<string, string>> = { '"': '"', "'": "'", "`": "`", "“": "”", "‘": "’" };
const bareWord = /[^\s"'`“”‘’,:[\]{}/]+|\//y;
/** With the liberties that leave no doubt about the number: `+5`, `.5`, `5.`. */
const numberPattern = /^([-+]?)(0|[1-9]\d*)?(\.\d*)?([eE][+-]?\d+)?$/;
const noValue = /^[-+]?(?:nan|inf|infinity|undefined)$/i;
/** What a comment says when it stands in the place of something left out. */
const leftOut = /\.\.\.|…|\b(?:omitted|truncated|remaining|rest of|and so on|etc)\b/i;
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
  if (text.startsWith("//", start)) return comment(text, start, text.indexOf("\n", start));
  if (text.startsWith("# ", start)) return comment(text, start, text.indexOf("\n", start));
  if (text.startsWith("/*", start)) return comment(text, start, text.indexOf("*/", start + 2) + 1);
  bareWord.lastIndex = start;
  const word = bareWord.exec(text)?.[0];
  if (word === undefined) return { end: start + 1, strict: char, doubt: null };
  return { end: start + word.length, ...strictWord(word) };
}

/** Up to and with the character at `last`, or to the end of the text when it never ends. */
function comment(text: string, start: number, last: number): Token {
  const end = last <= 0 ? text.length : last + 1;
  return { end, strict: " ", doubt: leftOut.test(text.slice(start, end)) ? "unclear" : null };
}

/** A word that starts like a number but is none is unclear; what is no value either is a string. */
function strictWord(word: string): Pick<Token, "strict" | "doubt"> {
  const constant = constants.get(word);
  if (constant !== undefined) return { strict: constant, doubt: null };
  if (noValue.test(word)) return { strict: JSON.stringify(word), doubt: "no_value" };
  const number = numberPattern.exec(word);
  if (number !== null && /\d/.test(word)) return { strict: strictNumber(number), doubt: null };
  return { strict: JSON.stringify(word), doubt: /^[-+.…\d]/.test(word) ? "unclear" : null };
}

function strictNumber([, sign, whole = "0", fraction = "", exponent = ""]: RegExpExecArray): string {
  return `${sign === "-" ? "-" : ""}${whole}${fraction === "." ? "" : fraction}${exponent}`;
}

/** Quotes of three, as Python has them, hold single ones. */
function stringAt(text: string, start: number, single: string): Token {
  const isTriple = /^(?:"""|''')/.test(text.slice(start, start + 3));
  const quote = isTriple ? single.repeat(3) : single;
  let value = "";
  let unclear = false;
  let index = start + quote.length;
  let plainFrom = index;
  for (; index < text.length && !text.startsWith(quote, index); index++) {
    if (text[index] !== "\\") continue;
    const escaped = escapeAt(text, index + 1);
    value += text.slice(plainFrom, index) + escaped.value;
    unclear ||= escaped.unclear;
    index += escaped.length;
    plainFrom = index + 1;
  }
  value += text.slice(plainFrom, index);
  unclear ||= index >= text.length;
  const end = Math.min(index + quote.length, text.length);
  return { end, strict: JSON.stringify(value), doubt: unclear ? "unclear" : null };
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
