/**
 * Texts written as numbers: bytes in hexadecimal (joined, or apart by spaces,
 * colons and the like), in binary, or as decimal character codes.
 */
import { bytesIn } from "./digits.ts";
import { readableText, type EncodedPart } from "./encoded-part.ts";
import { findRuns } from "./runs.ts";

interface NumberCode {
  readonly how: string;
  readonly first: RegExp;
  readonly more: RegExp;
  readonly bytes: (run: string) => Uint8Array;
}

function code(how: string, number: string, between: string, fewest: number): Omit<NumberCode, "bytes"> {
  const next = `(?:${between}${number})`;
  return {
    how,
    first: new RegExp(`(?<![0-9A-Za-z])${number}${next}{${fewest - 1},256}`, "g"),
    more: new RegExp(`${next}{1,256}`, "y"),
  };
}

const codes: readonly NumberCode[] = [
  {
    ...code("hex", "(?:0x)?[0-9A-Fa-f]{2}", "[ ,:;-]{0,2}", 6),
    bytes: (run) => bytesIn(run.includes("x") ? run.replaceAll("0x", "") : run, 2, 16),
  },
  { ...code("binary", "[01]{8}", "[ ,]{0,2}", 4), bytes: (run) => bytesIn(run, 8, 2) },
  {
    ...code("decimal", String.raw`\d{2,3}`, "[ ,]{1,2}", 8),
    bytes: (run) => Uint8Array.from(run.match(/\d{2,3}/g) ?? [], (digits) => Math.min(Number(digits), 0xff)),
  },
];

export function findNumberCodes(text: string): EncodedPart[] {
  return codes.flatMap(({ how, first, more, bytes }) =>
    findRuns(text, first, more).flatMap(({ start, text: found }) => {
      const run = untilWord(text, start, found);
      if (isMereNumber(how, run)) return [];
      const said = readableText(bytes(run));
      return said === null ? [] : [{ start, end: start + run.length, text: said, how }];
    }),
  );
}

/** What goes on as a word was no number: `… 6f be careful`, and the run ends before that. */
function untilWord(text: string, start: number, run: string): string {
  if (!/[0-9A-Za-z]/.test(text.charAt(start + run.length))) return run;
  return /^.*(?=[ ,:;-])/s.exec(run)?.[0].replace(/[ ,:;-]+$/, "") ?? "";
}

/** Phone and card numbers are pairs of digits too; a text in hexadecimal soon has an `o`, `n` or `l`. */
function isMereNumber(how: string, run: string): boolean {
  return how === "hex" && run.length < 60 && !/[A-Fa-f]/.test(run);
}
