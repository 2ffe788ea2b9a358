/**
 * Where a text may be cut: between characters as people see them (extended
 * grapheme clusters, UAX 29), so that no accent is torn from its letter, no
 * flag and no family emoji in two.
 */

const segmenter = new Intl.Segmenter("und", { granularity: "grapheme" });

/** The nearest place at or before `at`. */
export function boundaryBefore(text: string, at: number): number {
  return around(text, at)?.index ?? at;
}

/** The nearest place at or after `at`. */
export function boundaryAfter(text: string, at: number): number {
  const character = around(text, at);
  if (character === undefined || character.index === at) return at;
  return character.index + character.segment.length;
}

/** Undefined at either end of the text. Between two ASCII characters other than a line's end there is nothing to look up. */
function around(text: string, at: number): Intl.SegmentData | undefined {
  if (at <= 0 || at >= text.length) return undefined;
  if (isPlain(text.charCodeAt(at - 1)) && isPlain(text.charCodeAt(at))) return undefined;
  return segmenter.segment(text).containing(at);
}

function isPlain(code: number): boolean {
  return code >= 0x20 && code < 0x7f;
}

/** Whether this offset lies inside a surrogate pair. */
export function splitsPair(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at);
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
}
