/**
 * A text shown as text in HTML: the content of an element, or the value of an
 * attribute in quotes. It is made plain, then `& < > " '` become references, so a
 * browser shows the plain text and nothing of it is markup. Not for scripts, styles,
 * comments, nor attributes that are code (`on...`, `style`, `srcdoc`).
 */
import { escapeUTF8 } from "entities";
import { ChangeCount, type Cleaned } from "./cleaned.ts";
import { plain } from "./plain/plain.ts";
import { hasCodeScheme } from "./scheme.ts";

export function forHtml(text: string): Cleaned {
  return escaped(text, (shown) => shown);
}

/** As in Angular, a value that would be code as an address (`href="javascript:..."`) is put after `unsafe:`. */
export function forAttribute(text: string): Cleaned {
  return escaped(text, (shown, changes) => {
    if (!hasCodeScheme(shown)) return shown;
    changes.add("sanitise.link");
    return `unsafe:${shown}`;
  });
}

function escaped(text: string, prepare: (shown: string, changes: ChangeCount) => string): Cleaned {
  const changes = new ChangeCount();
  const cleaned = plain(text);
  changes.addAll(cleaned.changes);
  const shown = prepare(cleaned.text, changes);
  const signs = signsIn(shown);
  if (signs > 0) changes.add("sanitise.html", signs);
  return { text: escapeUTF8(shown), changes: changes.list() };
}

function signsIn(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) if (`&<>"'`.includes(text.charAt(at))) count++;
  return count;
}
