/**
 * Identifiers that are usually written with gaps and hold letters: British
 * national insurance numbers (`AB 12 34 56 C`), Finnish identity codes
 * (`131052-308T`) and Chilean tax numbers (`12.345.678-5`, `…-K`).
 */
import type { PiiSpan } from "../entity.ts";
import type { PiiText } from "../pii-text.ts";
import { isNamed, standsAlone } from "../surroundings.ts";
import { isNino } from "./lettered-ids.ts";
import { isDate } from "./dates.ts";

const nino = /[a-z]{2} ?(?:\d{2}[ -]?){3}[a-d](?![a-z0-9])/y;
const hetu = /\d{6}[-+a]\d{3}[0-9a-fhj-npr-y](?![a-z0-9])/y;
const rut = /\d{1,2}\.\d{3}\.\d{3}-[\dk](?![a-z0-9])/y;

export function findSpacedIds({ folded, starts, ends }: PiiText): readonly PiiSpan[] {
  const found: PiiSpan[] = [];
  starts.forEach((start, index) => {
    const size = (ends[index] ?? 0) - start;
    if (size === 2 && folded.charAt(start - 1) === " ") {
      const end = endOf(nino, folded, start - 3);
      if (end > 0 && isNino(folded.slice(start - 3, end).replaceAll(/[ -]/g, ""))) add("nino", start - 3, end);
    }
    if (size === 6) {
      const end = endOf(hetu, folded, start);
      if (end > 0 && isHetu(folded.slice(start, end))) add("hetu", start, end);
    }
    if (size < 3) {
      const end = endOf(rut, folded, start);
      if (end > 0 && isRut(folded.slice(start, end))) add("rut", start, end);
    }
  });
  return found;

  function add(kind: "nino" | "hetu" | "rut", start: number, end: number): void {
    if (!standsAlone(folded, start, end)) return;
    if (kind !== "nino") found.push({ entity: "nationalId", confidence: "validated", start, end });
    else if (isNamed(folded, start, end, /\bnino\b|national insurance|\bni\b|insurance n/))
      found.push({ entity: "nationalId", confidence: "contextual", start, end });
  }
}

function endOf(pattern: RegExp, folded: string, start: number): number {
  if (start < 0) return 0;
  pattern.lastIndex = start;
  return pattern.test(folded) ? pattern.lastIndex : 0;
}

/** Finland: the last character is the number modulo 31. */
function isHetu(written: string): boolean {
  const number = Number(written.slice(0, 6) + written.slice(7, 10));
  return (
    isDate(written.slice(2, 4), written.slice(0, 2)) && "0123456789abcdefhjklmnprstuvwxy"[number % 31] === written[10]
  );
}

/** Chile: weights 2 to 7 from the right. */
function isRut(written: string): boolean {
  const digits = written.slice(0, -2).replaceAll(".", "");
  let sum = 0;
  for (let at = 0; at < digits.length; at++) sum += Number(digits[digits.length - 1 - at]) * (2 + (at % 6));
  const check = 11 - (sum % 11);
  return written.endsWith(check === 11 ? "0" : check === 10 ? "k" : String(check));
}
