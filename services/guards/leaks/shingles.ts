/**
 * Runs of a fixed number of characters as numbers, by a rolling hash. Two texts
 * share a passage where many of their runs one behind the other are the same; a
 * chance match of one number means nothing. Linear.
 */
export const shingleChars = 18;

const base = 0x01000193;
const leaving = Array.from({ length: shingleChars }).reduce<number>((power) => Math.imul(power, base), 1);

/** Calls with the hash of each run and the offset of its first character. */
export function eachShingle(text: string, visit: (hash: number, start: number) => void): void {
  let hash = 0;
  for (let index = 0; index < text.length; index++) {
    hash = (Math.imul(hash, base) + text.charCodeAt(index)) | 0;
    if (index >= shingleChars) hash = (hash - Math.imul(text.charCodeAt(index - shingleChars), leaving)) | 0;
    if (index >= shingleChars - 1) visit(hash, index - shingleChars + 1);
  }
}

export function addShingles(text: string, to: Set<number>): void {
  eachShingle(text, (hash) => to.add(hash));
}

/** A part of a text in which runs known from elsewhere stand close together. */
export interface Passage {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** Characters of it that stand in a known run. */
  readonly covered: number;
}

/** `gapChars`: how much may stand between two known runs of one passage: a word changed or put in. */
export function knownPassages(text: string, known: ReadonlySet<number>, gapChars: number): readonly Passage[] {
  const passages: Passage[] = [];
  let last: Passage | null = null;
  eachShingle(text, (hash, start) => {
    if (!known.has(hash)) return;
    const end = start + shingleChars;
    if (last === null || start > last.end + gapChars) {
      if (last !== null) passages.push(last);
      last = { start, end, covered: shingleChars };
    } else last = { start: last.start, end, covered: last.covered + end - Math.max(last.end, start) };
  });
  return last === null ? passages : [...passages, last];
}
