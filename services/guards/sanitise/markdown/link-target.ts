/**
 * Addresses in links of Markdown, in the form that every renderer reads alike: no
 * blanks, brackets, quotes, backslashes or backticks in it, parentheses in pairs, or
 * all of it in angle brackets; and a place instead of code: http, https, mailto,
 * tel, or relative.
 */

/** Where a link `(address "title")` that begins at `at` ends; -1 if it is not of that form. */
export function linkEnd(line: string, at: number): number {
  const end = targetEnd(line, at + 1);
  if (end < 0) return -1;
  title.lastIndex = end;
  const after = title.test(line) ? title.lastIndex : end;
  return line[after] === ")" ? after + 1 : -1;
}

/** `[label]: address "title"`, alone on its line; what follows on the next must not read as its title. */
export function isDefinition(line: string, next: string): boolean {
  const start = definitionStart.exec(line)?.[0].length ?? -1;
  if (start < 0 || /^[\s>]*["'(]/.test(next)) return false;
  const end = targetEnd(line, start);
  if (end <= start) return false;
  title.lastIndex = end;
  const after = title.test(line) ? title.lastIndex : end;
  return line.slice(after).trim() === "";
}

const title = /[ \t]+"[^"<>`\\[\]$|]*"[ \t]*/y;
const definitionStart = /^ {0,3}\[[^[\]`\\<>$|]+\]:[ \t]+/;

const placeScheme = /^(?:https?:\/\/|mailto:|tel:)/i;
const angled = /<https?:\/\/[^\s<>`"\\|$[\]]+>/iy;
/** A scheme, or a reference that could stand for its colon. */
const otherScheme = /^[^/?#]*[:&]/;

/** Where the address that begins at `at` ends, at a blank, a parenthesis too many or the line's end; -1 if it is none. */
function targetEnd(line: string, at: number): number {
  angled.lastIndex = at;
  if (angled.test(line)) return angled.lastIndex;
  let depth = 0;
  let end = at;
  for (; end < line.length; end++) {
    const unit = line[end] ?? "";
    if (" \t\r".includes(unit)) break;
    if ('<>[]\\`"$|'.includes(unit)) return -1;
    if (unit === "(") depth++;
    if (unit === ")" && --depth < 0) break;
  }
  const target = line.slice(at, end);
  if (depth > 0 || (!placeScheme.test(target) && otherScheme.test(target))) return -1;
  return end;
}
