/**
 * International bank account numbers (ISO 13616): a country that takes part,
 * its length, and the check digits modulo 97. In one piece or in groups of
 * four, spaces or dashes between.
 */
import { ibanChecks } from "../checksums.ts";
import type { PiiSpan } from "../entity.ts";
import { isAlphanumeric, isDigit, type PiiText } from "../pii-text.ts";

/** Lengths by country, from SWIFT's IBAN registry. */
const registry =
  "ad24 ae23 al28 at20 az28 ba20 be16 bg22 bh22 bi27 br29 by28 ch21 cr22 cy28 cz24 de22 dj27 dk18 do28 ee20 eg29 es24 " +
  "fi18 fk18 fo18 fr27 gb22 ge22 gi23 gl18 gr27 gt28 hn28 hr21 hu28 ie22 il23 iq23 is26 it27 jo30 kw30 kz20 lb28 lc32 " +
  "li21 lt20 lu20 lv21 ly25 mc27 md24 me22 mk19 mn20 mr27 mt31 mu30 ni28 nl18 no15 om23 pk24 pl28 ps29 pt25 qa29 ro24 " +
  "rs22 ru33 sa24 sc31 sd18 se24 si19 sk24 sm27 so23 st25 sv28 tl23 tn24 tr26 ua29 va22 vg24 xk20 ye30";

const lengths: ReadonlyMap<string, number> = new Map(
  registry.split(" ").map((row) => [row.slice(0, 2), Number(row.slice(2))]),
);

export function findIbans({ folded, starts, ends }: PiiText): readonly PiiSpan[] {
  const found: PiiSpan[] = [];
  starts.forEach((digits, index) => {
    const start = digits - 2;
    if ((ends[index] ?? 0) - digits < 2 || start < 0 || isWordUnit(folded.charCodeAt(start - 1))) return;
    const length = lengths.get(folded.slice(start, digits));
    if (length === undefined) return;
    const end = ibanEnd(folded, start, length);
    if (end > 0) found.push({ entity: "iban", confidence: "validated", start, end });
  });
  return found;
}

/** Where the number ends that begins here, or 0. One separator may stand between two characters. */
function ibanEnd(folded: string, start: number, length: number): number {
  let iban = "";
  let at = start;
  for (; iban.length < length; at++) {
    const unit = folded.charCodeAt(at);
    if (isAlphanumeric(unit)) iban += folded.charAt(at);
    else if (!isSeparator(folded.charAt(at)) || !isAlphanumeric(folded.charCodeAt(at + 1))) return 0;
  }
  return ibanChecks(iban) && !isWordUnit(folded.charCodeAt(at)) ? at : 0;
}

function isSeparator(written: string): boolean {
  return written === " " || written === "-" || written === "\n" || written === ".";
}

/** Letters beyond ASCII count as part of a word. */
function isWordUnit(unit: number): boolean {
  return isAlphanumeric(unit) || isDigit(unit) || unit === 0x5f || unit > 0x7f;
}
