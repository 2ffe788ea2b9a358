/** Medicare numbers as they stand on the card: `1EG4-TE5-MK73`, with dashes or spaces. */
import type { PiiSpan } from "../entity.ts";
import type { PiiText } from "../pii-text.ts";
import { standsAlone } from "../surroundings.ts";
import { isMbi } from "./health-words.ts";

const dashed = /[1-9][a-z][a-z\d]\d[- ][a-z][a-z\d]\d[- ][a-z]{2}\d\d(?![a-z\d])/y;

export function findDashedMbis({ folded, words }: PiiText): readonly PiiSpan[] {
  const found: PiiSpan[] = [];
  for (const { start, end } of words) {
    if (end - start !== 4) continue;
    dashed.lastIndex = start;
    if (!dashed.test(folded)) continue;
    const last = dashed.lastIndex;
    if (!isMbi(folded.slice(start, last).replaceAll(/[- ]/g, "")) || !standsAlone(folded, start, last)) continue;
    found.push({ entity: "mbi", confidence: "validated", start, end: last });
  }
  return found;
}
