/**
 * United States social security numbers: three groups with one kind of
 * separator, and the areas, groups and serials that can be issued (never area
 * 000, 666 or 9xx, group 00, serial 0000). Nine digits in one piece count only
 * near a word that says what they are.
 */
import type { PiiSpan } from "./entity.ts";

const separated = /\d{3}([- .])\d{2}\1\d{4}/g;
const bare = /\d{9}/g;
const contextWord =
  /\b(?:ssn|ss ?#|ss (?:no|number|num)\b|soc(?:ial)?[ .-]{0,2}sec|social insurance|taxpayer id|tin\b)/;
const contextBefore = 48;
const contextAfter = 16;

export function findSsns(folded: string): readonly PiiSpan[] {
  const found: PiiSpan[] = [];
  for (const match of folded.matchAll(separated)) {
    if (standsAlone(folded, match.index, match.index + match[0].length) && issuable(match[0])) {
      found.push({ entity: "ssn", confidence: "validated", start: match.index, end: match.index + match[0].length });
    }
  }
  for (const match of folded.matchAll(bare)) {
    const end = match.index + 9;
    if (standsAlone(folded, match.index, end) && issuable(match[0]) && hasContext(folded, match.index, end)) {
      found.push({ entity: "ssn", confidence: "contextual", start: match.index, end });
    }
  }
  return found;
}

/** Social Security Administration's rules since 2011. */
function issuable(text: string): boolean {
  const digits = text.replaceAll(/\D/g, "");
  const area = digits.slice(0, 3);
  return area !== "000" && area !== "666" && area < "900" && digits.slice(3, 5) !== "00" && digits.slice(5) !== "0000";
}

function hasContext(text: string, start: number, end: number): boolean {
  return (
    contextWord.test(text.slice(Math.max(0, start - contextBefore), start)) ||
    contextWord.test(text.slice(end, end + contextAfter))
  );
}

/** Part of no longer number or token: `1-123-45-6789`, `123-45-6789-0` and `a123-45-6789` are something else. */
function standsAlone(text: string, start: number, end: number): boolean {
  if (/[\p{L}\p{N}_]/u.test(text.charAt(start - 1)) || /[\p{L}\p{N}_]/u.test(text.charAt(end))) return false;
  const joinedBefore = /[-.+]/.test(text.charAt(start - 1)) && /[a-z0-9]/.test(text.charAt(start - 2));
  const joinedAfter = /[-.]/.test(text.charAt(end)) && /[a-z0-9]/.test(text.charAt(end + 1));
  return !joinedBefore && !joinedAfter;
}
