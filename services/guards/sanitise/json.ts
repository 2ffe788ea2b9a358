/**
 * A JSON document's text (or one string's, with its quotes) that may land in a
 * script element or a log: it parses to the same value, with its strings made
 * plain, and holds none of `< > &`, no line separators and no invisible characters
 * that are not written as escapes. Numbers and spacing stay as they are. A text that
 * is no JSON is made safe in the same way and stays no JSON.
 */
import { ChangeCount, type Cleaned } from "./cleaned.ts";
import { plain } from "./plain/plain.ts";

/** A string, or the rest of one that never ends: each unit is looked at once. */
const literal = /"(?:[^"\\\0-\x1f]|\\.)*"?/g;

export function forJson(text: string): Cleaned {
  const changes = new ChangeCount();
  const strings = text.replace(literal, (written) => cleanString(written, changes));
  const cleaned = plain(strings);
  changes.addAll(cleaned.changes);
  const escaped = cleaned.text.replace(/[<>&]/g, (sign) => {
    changes.add("sanitise.html");
    return `\\u00${sign.charCodeAt(0).toString(16)}`;
  });
  return { text: escaped, changes: changes.list() };
}

/** Escapes can write what is invisible, so a string is cleaned as it reads, and written anew only when that changed it. */
function cleanString(written: string, changes: ChangeCount): string {
  const value = valueOf(written);
  if (value === null) return written;
  const cleaned = plain(value);
  if (cleaned.changes.length === 0) return written;
  changes.addAll(cleaned.changes);
  return JSON.stringify(cleaned.text);
}

function valueOf(written: string): string | null {
  try {
    return String(JSON.parse(written));
  } catch {
    return null;
  }
}
