/**
 * A text with nothing in it but what is to be seen: control characters,
 * overrides of direction, zero-width characters, tags, private and unassigned
 * code points and halves of pairs go; line ends of all kinds become line feeds
 * (CR LF stays). What scripts and emoji need stays: joiners and selectors in
 * their places, flags of England, Scotland and Wales. Cleaning twice changes nothing.
 */
import { ChangeCount, type Cleaned } from "../cleaned.ts";
import { belongs } from "./belongs.ts";

/** All that may have to go, in UTF-16 units; a high half takes its low half along. */
const suspicious =
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ue000-\uf8ff]|[\ud800-\udbff][\udc00-\udfff]?|[\udc00-\udfff]/g;

const lineEnds = new Set(["\v", "\f", "\r", "\x85", "\u2028", "\u2029"]);
const flag =
  /^\u{e0067}\u{e0062}(?:\u{e0065}\u{e006e}\u{e0067}|\u{e0073}\u{e0063}\u{e0074}|\u{e0077}\u{e006c}\u{e0073})\u{e007f}/u;
const blackFlag = "\u{1f3f4}";
/** Units of the tags behind the flag. */
const flagLength = 12;
/** As many units as a mark of direction looks to either side. */
const nearby = 14;

export function plain(text: string): Cleaned {
  const changes = new ChangeCount();
  const kept = new Kept();
  let copied = 0;
  suspicious.lastIndex = 0;
  for (let match = suspicious.exec(text); match !== null; match = suspicious.exec(text)) {
    const [found] = match;
    const { index } = match;
    const end = index + found.length;
    const code = found.codePointAt(0) ?? 0;
    if (found.length === 2 && isShown(code)) continue;
    kept.add(text.slice(copied, index));
    copied = end;
    const after = text.slice(end, end + nearby);
    if (kept.end.endsWith(blackFlag) && flag.test(text.slice(index, index + nearby))) {
      copied = index + flagLength;
      suspicious.lastIndex = copied;
      kept.add(text.slice(index, copied));
    } else if ((found === "\r" && after.startsWith("\n")) || belongs(code, kept.end, after)) kept.add(found);
    else {
      const { rule, instead } = verdictOn(found, code);
      changes.add(`sanitise.${rule}`);
      kept.add(instead);
    }
  }
  return { text: copied === 0 ? text : kept.text + text.slice(copied), changes: changes.list() };
}

/** What was kept, and its last few units: reading them off a text that is still growing would copy it each time. */
class Kept {
  text = "";
  end = "";

  add(part: string): void {
    this.text += part;
    this.end = part.length >= nearby ? part.slice(-nearby) : (this.end + part).slice(-nearby);
  }
}

/** Of a code point above 0xffff: pictures, letters and the like. */
function isShown(code: number): boolean {
  return code < 0xe0000 && (code & 0xfffe) !== 0xfffe;
}

function verdictOn(found: string, code: number): { readonly rule: string; readonly instead: string } {
  if (lineEnds.has(found)) return { rule: "line_end", instead: "\n" };
  if (code < 0xa0) return { rule: "control", instead: "" };
  if (code >= 0xd800 && code <= 0xdfff) return { rule: "surrogate", instead: "\ufffd" };
  if ((code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069)) return { rule: "bidi", instead: "" };
  if (code >= 0xe0000 && code <= 0xe007f) return { rule: "tag", instead: "" };
  const isPrivate = (code >= 0xe000 && code <= 0xf8ff) || code >= 0xf0000;
  if (isPrivate || (code >= 0xfdd0 && code <= 0xfdef) || (code & 0xfffe) === 0xfffe)
    return { rule: "private", instead: "" };
  return { rule: "zero_width", instead: "" };
}
