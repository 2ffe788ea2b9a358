/**
 * Characters that show nothing themselves and that writing still needs, next to
 * the right neighbours: joiners in scripts of Asia and Africa and in emoji,
 * variation selectors, marks of direction beside letters from right to left.
 * Anywhere else they only hide something, and a second one in a row always does.
 */
import { emojiAt, isEmoji } from "./emoji.ts";

/**
 * Of an invisible code point: does it belong here? `before` is the end of what was
 * kept, `after` the beginning of what follows: a few characters of each.
 */
export function belongs(code: number, before: string, after: string): boolean {
  const last = lastCodePoint(before);
  if (code === zeroWidthJoiner) return isJoined(last) || (isEmoji(baseOf(before)) && emojiAt(after));
  if (code === zeroWidthNonJoiner) return isJoined(last);
  if (code === zeroWidthSpace) return isUnspaced(last) && isUnspaced(after.codePointAt(0) ?? 0);
  if (isMark(code)) return !isMark(last) && (rightToLeft.test(before) || rightToLeft.test(after));
  if (code === 0xfe0e || code === 0xfe0f) return isEmoji(last) || isSymbol(last) || /[#*0-9]$/.test(before);
  if (code >= 0xfe00 && code <= 0xfe0d) return isIdeograph(last) || isSymbol(last) || isJoined(last);
  if (code >= 0xe0100 && code <= 0xe01ef) return isIdeograph(last);
  return false;
}

const zeroWidthSpace = 0x200b;
const zeroWidthNonJoiner = 0x200c;
const zeroWidthJoiner = 0x200d;

/** Letters that joiners shape: Arabic and its kin, the scripts of India, Tibet, Myanmar, Cambodia, Mongolia, Java ... */
const joinedLetter =
  /[\u0600-\u074f\u0750-\u077f\u07c0-\u07ff\u0840-\u0dff\u0f00-\u109f\u1700-\u18aa\u1900-\u1bff\ua800-\ua8df\ua900-\ua9df\uaa00-\uabff\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc]/;
/** Letters of scripts without spaces between words: Thai, Lao, Tibetan, Myanmar, Khmer. */
const unspacedLetter = /[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19ff\u1a20-\u1aad\ua9e0-\ua9ff\uaa60-\uaadf]/;
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc]/;

function isJoined(code: number): boolean {
  // Scripts of India and Java that stand above 0xffff.
  return (code >= 0x11000 && code <= 0x11fff) || (code <= 0xffff && joinedLetter.test(String.fromCharCode(code)));
}

function isUnspaced(code: number): boolean {
  return code <= 0xffff && unspacedLetter.test(String.fromCharCode(code));
}

function isIdeograph(code: number): boolean {
  return (
    (code >= 0x2e80 && code <= 0x9fff) || (code >= 0xf900 && code <= 0xfaff) || (code >= 0x20000 && code <= 0x3ffff)
  );
}

function isSymbol(code: number): boolean {
  return (code >= 0x2010 && code <= 0x2bff) || (code >= 0x3000 && code <= 0x32ff);
}

/** Marks of direction: they stand beside quotes and full stops too, so a letter from right to left need only be near. */
function isMark(code: number): boolean {
  return code === 0x200e || code === 0x200f || code === 0x61c;
}

/** The last code point that is no variation selector: what a joiner after it joins. */
function baseOf(before: string): number {
  return lastCodePoint(before.endsWith("\ufe0f") ? before.slice(0, -1) : before);
}

function lastCodePoint(text: string): number {
  const unit = text.charCodeAt(text.length - 1);
  if (unit >= 0xdc00 && unit <= 0xdfff) return text.codePointAt(text.length - 2) ?? 0;
  return Number.isNaN(unit) ? 0 : unit;
}
