/**
 * Base64 and base64url: runs of their letters, lines of a wrapped block joined.
 * A run that reads as nothing is tried again in the pieces between its signs,
 * since `/`, `-` and `_` stand in addresses and names as well.
 */
import { readableText, type EncodedPart } from "./encoded-part.ts";

const line = /[A-Za-z0-9+/_-]{6}[A-Za-z0-9+/_-]*={0,2}/g;
const rest = /\s[A-Za-z0-9+/_-]+={0,2}/y;
const piece = /[A-Za-z0-9]{8}[A-Za-z0-9]*={0,2}/g;

/** Shorter lines than this are words of their own. */
const wrapped = 60;

export function findBase64(text: string): EncodedPart[] {
  return blocksIn(text).flatMap(({ start, end }) => {
    const block = text.slice(start, end);
    const whole = partAt(block, start);
    if (whole !== null) return [whole];
    return /[+/_-]/.test(block) ? piecesOf(block, start) : [];
  });
}

/** A line as long as those of wrapped base64 goes on in the next line; all others stand alone. */
function blocksIn(text: string): { start: number; end: number }[] {
  const blocks: { start: number; end: number }[] = [];
  line.lastIndex = 0;
  for (let match = line.exec(text); match !== null; match = line.exec(text)) {
    let end = line.lastIndex;
    let last = match[0].length;
    while (last >= wrapped && last % 4 === 0 && text.charAt(end - 1) !== "=") {
      rest.lastIndex = end;
      if (!rest.test(text)) break;
      last = rest.lastIndex - end - 1;
      end = rest.lastIndex;
    }
    blocks.push({ start: match.index, end });
    line.lastIndex = end;
  }
  return blocks;
}

function piecesOf(block: string, offset: number): EncodedPart[] {
  return Array.from(block.matchAll(piece), (match) => partAt(match[0], offset + match.index)).filter(
    (part) => part !== null,
  );
}

function partAt(written: string, start: number): EncodedPart | null {
  if (!worthATry(written)) return null;
  const text = readableText(bytesOf(written));
  return text === null ? null : { start, end: start + written.length, text, how: "base64" };
}

/** Words and names have no digits, and no capitals but the first; codes that long hardly ever lack both. */
function worthATry(written: string): boolean {
  if (written.length < 8) return false;
  return written.length >= 24 || written.endsWith("=") || /[0-9]|[a-z][A-Z]|[A-Z]{2}[a-z]/.test(written);
}

const values = new Int8Array(0x80).fill(-1);
Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/").forEach((letter, value) => {
  values[letter.charCodeAt(0)] = value;
});
values["-".charCodeAt(0)] = 62;
values["_".charCodeAt(0)] = 63;

function bytesOf(written: string): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((written.length * 3) / 4));
  let length = 0;
  let bits = 0;
  let held = 0;
  for (let at = 0; at < written.length; at++) {
    const value = values[written.charCodeAt(at)] ?? -1;
    if (value < 0) continue;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[length++] = (held >> bits) & 0xff;
  }
  return bytes.subarray(0, length);
}
