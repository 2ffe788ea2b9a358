/**
 * A part of a text that is written in a code, and what it says. Bytes are only
 * taken for a text when nearly all of it can be read: what merely looks like a
 * code (an identifier, a hash, a key) says nothing and stays as it is.
 */

export interface EncodedPart {
  readonly start: number;
  readonly end: number;
  /** What it says, not folded. */
  readonly text: string;
  readonly how: string;
}

/** The least share of readable characters in what a code says. */
const readableShare = 0.9;

const unreadable = /[\p{Cc}\p{Cn}\p{Co}\p{Cs}\ufffd]/gu;
const lineControls = /[\t\n\r]/g;

const utf8 = new TextDecoder("utf-8", { ignoreBOM: false });
const utf16 = new TextDecoder("utf-16le");

/** Null when it is not a text. UTF-8, or UTF-16 when every other byte is zero. */
export function readableText(bytes: Uint8Array): string | null {
  const wide = bytes.length > 2 && bytes[1] === 0 && bytes[0] !== 0 && bytes.length % 2 === 0;
  return ifReadable((wide ? utf16 : utf8).decode(bytes));
}

export function ifReadable(text: string): string | null {
  const garbage = count(text, unreadable) - count(text, lineControls);
  return text !== "" && text.length - garbage >= text.length * readableShare ? text : null;
}

function count(text: string, pattern: RegExp): number {
  let found = 0;
  pattern.lastIndex = 0;
  while (pattern.exec(text) !== null) found++;
  return found;
}
