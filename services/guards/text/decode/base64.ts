/**
 * Base64 and base64url: runs of their letters, lines of a wrapped block joined.
 * A run that reads as nothing is tried again in the pieces between its signs,
 * since `/`, `-` and `_` stand in addresses and names as well.
 */
import { readableText, type EncodedPart } from "./encoded-part.ts";

const run = /[A-Za-z0-9+/_-]{8,}={0,2}(?:\s[A-Za-z0-9+/_-]{8,}={0,2})*/g;
const line = /[A-Za-z0-9+/_-]+={0,2}/g;
const piece = /[A-Za-z0-9]{8,}={0,2}/g;

/** Shorter lines than this are words of their own. */
const wrapped = 60;

export function findBase64(text: string): EncodedPart[] {
  const parts: EncodedPart[] = [];
  for (const match of text.matchAll(run)) {
    for (const { start, end } of blocksIn(match[0])) {
      const block = match[0].slice(start, end);
      const offset = match.index + start;
      const whole = partAt(block, offset);
      if (whole !== null) parts.push(whole);
      else if (/[+/_-]/.test(block)) parts.push(...piecesOf(block, offset));
    }
  }
  return parts;
}

/** Lines as long as wrapped base64 join with the next line; all others stand alone. */
function blocksIn(lines: string): { start: number; end: number }[] {
  const blocks: { start: number; end: number }[] = [];
  let open = false;
  for (const match of lines.matchAll(line)) {
    const end = match.index + match[0].length;
    const last = blocks.at(-1);
    if (open && last !== undefined) last.end = end;
    else blocks.push({ start: match.index, end });
    open = match[0].length >= wrapped && match[0].length % 4 === 0 && !match[0].endsWith("=");
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
