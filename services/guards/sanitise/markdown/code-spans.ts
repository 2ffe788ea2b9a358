/**
 * Code spans: from a run of backticks to the next run of the same length. Over two
 * lines renderers can disagree on them, so such lines become one where that
 * changes nothing else: a line's end in a paragraph is shown as a blank.
 */

/** Where the code that begins with the run at a place ends: after the next run of the same length. */
export function codeEnds(text: string): ReadonlyMap<number, number> {
  const ends = new Map<number, number>();
  const later = new Map<number, number>();
  for (const { 0: run, index } of Array.from(text.matchAll(/`+/g)).toReversed()) {
    const end = later.get(run.length);
    if (end !== undefined) ends.set(index, end);
    later.set(run.length, index + run.length);
  }
  return ends;
}

/** A line and the next as one, when code that begins on it ends there and all other code on both ends too. */
export function joinedByCode(line: string, next: string): string | null {
  if (!line.includes("`") || !next.includes("`")) return null;
  if (/^[\s>]*#/.test(line) || !paragraphGoesOn.test(next) || isClosed(line)) return null;
  const joined = `${line.trimEnd()} ${next.trimStart()}`;
  return isClosed(joined) ? joined : null;
}

/** Begins with a word or a sign that begins no block. */
const paragraphGoesOn = /^ {0,12}(?:[A-Za-z\u00c0-\u1fff\u3040-\ud7ff]|[("'./&,;%@]\S)/;

function isClosed(text: string): boolean {
  const ends = codeEnds(text);
  let closedTo = 0;
  for (const { index } of text.matchAll(/`+/g)) {
    if (index < closedTo) continue;
    const end = ends.get(index);
    if (end === undefined) return false;
    closedTo = end;
  }
  return true;
}
