/**
 * A string that matches a pattern: what the text says if it matches, else the
 * first word of the text that does, else one made from the pattern itself
 * (literals, classes, groups' first branch, bounded repeats).
 */
import { searchedCharacters } from "./facts.ts";

export function patternValue(pattern: string, said: string | undefined, text: string): string {
  const expression = new RegExp(pattern);
  const candidates = [said, said?.split(/\s+/)[0], ...text.slice(0, searchedCharacters).split(/[\s,;()]+/)];
  const found = candidates.find((word) => word !== undefined && word !== "" && expression.test(word));
  return found ?? made(pattern);
}

const atom = /\\([dwsDWS])|\\(.)|\[(\^?)((?:\\.|[^\]])+)\]|\((?:\?:)?([^()|]*)(?:\|[^()]*)?\)|(\^|\$)|(.)/y;
const repeat = /\{(\d+)(?:,\d*)?\}|([*?])|\+/y;

function made(pattern: string): string {
  let out = "";
  let at = 0;
  while (at < pattern.length) {
    atom.lastIndex = at;
    const match = atom.exec(pattern);
    if (match === null) break;
    at += match[0].length;
    repeat.lastIndex = at;
    const times = repeat.exec(pattern);
    at += times?.[0].length ?? 0;
    out += oneOf(match).repeat(timesOf(times));
  }
  return out;
}

function timesOf(match: RegExpExecArray | null): number {
  if (match === null) return 1;
  if (match[2] !== undefined) return 0;
  return Number(match[1] ?? 1);
}

function oneOf(match: RegExpExecArray): string {
  const [, shorthand, escaped, negated, members, group, anchor, plain] = match;
  if (shorthand !== undefined) return shorthand === "d" ? "0" : shorthand === "s" ? " " : "a";
  if (escaped !== undefined) return escaped;
  if (members !== undefined) return memberOf(members, negated === "^");
  if (group !== undefined) return made(group);
  if (anchor !== undefined) return "";
  return plain === "." ? "a" : (plain ?? "");
}

function memberOf(members: string, negated: boolean): string {
  const expression = new RegExp(`[${negated ? "^" : ""}${members}]`);
  return ["0", "A", "a", "1", "_", "-", " ", "."].find((character) => expression.test(character)) ?? members[0] ?? "";
}
