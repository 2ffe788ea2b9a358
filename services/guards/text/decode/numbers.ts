/**
 * Texts written as numbers: bytes in hexadecimal (joined, or apart by spaces,
 * colons and the like), in binary, or as decimal character codes.
 */
import { bytesIn } from "./digits.ts";
import { readableText, type EncodedPart } from "./encoded-part.ts";

interface NumberCode {
  readonly how: string;
  readonly pattern: RegExp;
  readonly bytes: (run: string) => Uint8Array;
}

const codes: readonly NumberCode[] = [
  {
    how: "hex",
    pattern: /(?<![0-9A-Za-z])(?:0x)?[0-9A-Fa-f]{2}(?:[ ,:;-]{0,2}(?:0x)?[0-9A-Fa-f]{2}){5,}(?![0-9A-Za-z])/g,
    bytes: (run) => bytesIn(run.includes("x") ? run.replaceAll("0x", "") : run, 2, 16),
  },
  {
    how: "binary",
    pattern: /(?<![0-9A-Za-z])[01]{8}(?:[ ,]{0,2}[01]{8}){3,}(?![0-9A-Za-z])/g,
    bytes: (run) => bytesIn(run, 8, 2),
  },
  {
    how: "decimal",
    pattern: /(?<![0-9A-Za-z])\d{2,3}(?:[ ,]{1,2}\d{2,3}){7,}(?![0-9A-Za-z])/g,
    bytes: (run) => Uint8Array.from(run.match(/\d{2,3}/g) ?? [], (digits) => Math.min(Number(digits), 0xff)),
  },
];

export function findNumberCodes(text: string): EncodedPart[] {
  return codes.flatMap(({ how, pattern, bytes }) =>
    Array.from(text.matchAll(pattern)).flatMap((match) => {
      if (isMereNumber(how, match[0])) return [];
      const said = readableText(bytes(match[0]));
      return said === null ? [] : [{ start: match.index, end: match.index + match[0].length, text: said, how }];
    }),
  );
}

/** Phone and card numbers are pairs of digits too; a text in hexadecimal soon has an `o`, `n` or `l`. */
function isMereNumber(how: string, run: string): boolean {
  return how === "hex" && run.length < 60 && !/[A-Fa-f]/.test(run);
}
