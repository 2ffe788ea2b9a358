/**
 * A text for a terminal: escape sequences go whole (colours, movements, titles,
 * hyperlinks, device control), written with ESC or in one C1 character; a
 * hyperlink's text stays. Then it is plain: what is left of an unfinished sequence
 * is text, and a carriage return cannot write over what stands before it.
 */
import { ChangeCount, type Cleaned } from "./cleaned.ts";
import { plain } from "./plain/plain.ts";

/**
 * Strings (OSC, DCS, SOS, PM, APC) up to their end, then CSI, then short ones. A
 * string never runs over the beginning of another, so the search stays linear.
 */
const sequence =
  /(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90\x98\x9c-\x9f]*(?:\x07|\x1b\\|\x9c)|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b[ -/]+[0-~]|\x1b[0-OQ-WYZ\\`-~]/g;

export function forTerminal(text: string): Cleaned {
  const changes = new ChangeCount();
  const shown = text.replace(sequence, () => {
    changes.add("sanitise.escape_sequence");
    return "";
  });
  const cleaned = plain(shown);
  changes.addAll(cleaned.changes);
  return { text: cleaned.text, changes: changes.list() };
}
