/**
 * Reads what could be a telephone number off a text: groups of digits with the
 * marks that people put between them, with or without a plus sign.
 */
import type { PiiText } from "../pii-text.ts";

export interface PhoneGroups {
  /** Index of the first group of digits in the text's survey. */
  readonly first: number;
  /** Where each number of groups would end; one per group. */
  readonly ends: readonly number[];
  readonly sizes: readonly number[];
  /** What stands before each group; of the first, `+`, `(`, `(+` or nothing. */
  readonly gaps: readonly string[];
  readonly digits: string;
  readonly start: number;
  /** Another group of digits stands right before, as if it belonged to the same number. */
  readonly joined: boolean;
}

const gaps: ReadonlySet<string> = new Set([
  " ",
  "-",
  ".",
  "/",
  ")",
  ") ",
  ")-",
  ")/",
  " (",
  "(",
  " - ",
  "-(",
  ") - ",
  " / ",
]);
const mostDigits = 17;
const mostGroups = 8;

export function readPhoneGroups({ folded, starts, ends }: PiiText, first: number): PhoneGroups {
  const from = starts[first] ?? 0;
  const lead = leadOf(folded, from);
  const groups = { ends: [ends[first] ?? from], sizes: [(ends[first] ?? from) - from], gaps: [lead] };
  let digits = folded.slice(from, ends[first]);
  for (let next = first + 1; next < starts.length && groups.sizes.length < mostGroups; next++) {
    const start = starts[next] ?? 0;
    const end = ends[next] ?? 0;
    const before = ends[next - 1] ?? 0;
    if (start - before > 3 || end - start > mostDigits - digits.length) break;
    const gap = folded.slice(before, start);
    if (!gaps.has(gap)) break;
    digits += folded.slice(start, end);
    groups.ends.push(end);
    groups.sizes.push(end - start);
    groups.gaps.push(gap);
  }
  const closed = lead !== "(" && lead !== "(+" ? true : groups.gaps[1]?.startsWith(")") === true;
  const joined = lead === "" && first > 0 && from - (ends[first - 1] ?? 0) === 1 && folded.charAt(from - 1) !== "\n";
  return { ...groups, first, digits, joined, start: closed ? from - lead.length : lead === "(+" ? from - 1 : from };
}

function leadOf(folded: string, from: number): string {
  const before = folded.charAt(from - 1);
  if (before === "+") return folded.charAt(from - 2) === "(" ? "(+" : "+";
  return before === "(" ? "(" : "";
}
