/** Where the lines of an upload stand: by \n or \r\n, without a byte order mark, blank ones left out. Pure. */

export interface LinePlace {
  /** From 1, blank lines counted. */
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

const newline = 0x0a;
const carriageReturn = 0x0d;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

export function* splitLines(body: Buffer): Generator<LinePlace> {
  let start = body.subarray(0, byteOrderMark.length).equals(byteOrderMark) ? byteOrderMark.length : 0;
  for (let number = 1; start < body.length; number += 1) {
    const found = body.indexOf(newline, start);
    const next = found === -1 ? body.length : found;
    const end = next > start && body[next - 1] === carriageReturn ? next - 1 : next;
    if (!isBlank(body, start, end)) yield { number, start, end };
    start = next + 1;
  }
}

function isBlank(body: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (body[at] !== 0x20 && body[at] !== 0x09) return false;
  return true;
}
