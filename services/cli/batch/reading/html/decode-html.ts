/**
 * The characters of an HTML file: by byte order mark, else by the encoding that
 * its head declares, else UTF-8. Bytes that do not fit are refused, as a
 * replacement character would silently stand for lost text.
 */
import { Unreadable } from "../extraction.ts";

/** Where a declaration counts, as in browsers. */
const declaredWithin = 1024;
const declaration = /<meta[^>]{0,200}?charset\s{0,8}=\s{0,8}["']?\s{0,8}([\w.:-]{1,40})/i;

/** @throws Unreadable `not_utf8`. */
export function decodeHtml(bytes: Buffer): string {
  const encoding = markOf(bytes) ?? declaration.exec(bytes.toString("latin1", 0, declaredWithin))?.[1] ?? "utf-8";
  try {
    // An HTML file cannot both be readable to the search above and be UTF-16.
    return new TextDecoder(/^utf-?16/i.test(encoding) && markOf(bytes) === null ? "utf-8" : encoding, {
      fatal: true,
    }).decode(bytes);
  } catch (error) {
    throw new Unreadable("not_utf8", `its bytes are not ${encoding} text`, { cause: error });
  }
}

function markOf(bytes: Buffer): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? "utf-8" : null;
}
