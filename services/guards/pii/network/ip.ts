/**
 * IP addresses: four parts of 0 to 255 that are no version, section, network
 * or loop-back address nor part of a longer chain, and IPv6 in any spelling of RFC 4291, found from its colons.
 */
import type { PiiSpan } from "../entity.ts";
import type { PiiText } from "../pii-text.ts";
import { textBefore } from "../surroundings.ts";

/** What is written before four numbers that are no address. */
const numbering =
  /\b(?:versions?|ver|v|release|rev(?:ision)?|build|firmware|driver|section|sections|sec|chapter|clause|article|paragraph|para|figure|fig|table|step|item|appendix|annex|rule|part|upgrade(?:d)? (?:to|from)|chrome|firefox|safari|python|node|java|package|pkg|library|lib|sdk|api|app|software|update|patch|kernel|plugin)[ .:#-]{0,3}$|§ ?$|==$|[@~^<>]=?$|[a-z]\/$|\bv$/;
const addressWords = /\b(?:ips?|ipv4|host|server|address|addresses|client|from|ping|gateway|dns|subnet|login|logged)\b/;

export function findIps(text: PiiText): readonly PiiSpan[] {
  return [...findV4(text), ...findV6(text)];
}

function findV4({ folded, starts, ends }: PiiText): readonly PiiSpan[] {
  const found: PiiSpan[] = [];
  for (let first = 0; first + 3 < starts.length; first++) {
    const start = starts[first] ?? 0;
    if (!isOctet(folded, start, ends[first] ?? 0)) continue;
    if (![1, 2, 3].every((part) => continues(folded, ends[first + part - 1], starts[first + part], ends[first + part])))
      continue;
    const end = ends[first + 3] ?? 0;
    if (!standsOut(folded, start, end) || isNumbering(folded, start, end)) continue;
    found.push({ entity: "ip", confidence: "validated", start, end });
    first += 3;
  }
  return found;
}

function isOctet(folded: string, start: number, end: number): boolean {
  const size = end - start;
  return size <= 3 && Number(folded.slice(start, end)) <= 255 && (size === 1 || folded.charAt(start) !== "0");
}

function continues(folded: string, before: number = 0, start: number = 0, end: number = 0): boolean {
  return start === before + 1 && folded.charAt(before) === "." && isOctet(folded, start, end);
}

/** No letter, digit or longer chain beside it; a port, a path or a full stop may follow. */
function standsOut(folded: string, start: number, end: number): boolean {
  const before = folded.charAt(start - 1);
  const after = folded.charAt(end);
  if (/[\p{L}\p{N}_]/u.test(before) || /[\p{L}\p{N}_]/u.test(after)) return false;
  if (/[.-]/.test(before) && /[a-z0-9]/.test(folded.charAt(start - 2))) return false;
  return !(/[.-]/.test(after) && /[a-z0-9]/.test(folded.charAt(end + 1)));
}

function isNumbering(folded: string, start: number, end: number): boolean {
  const written = folded.slice(start, end);
  if (/^(?:127\.0\.0\.\d+|0\.0\.0\.0|255\.255\..*|\d+\.0\.0\.0)$/.test(written)) return true;
  const before = textBefore(folded, start, 24);
  if (numbering.test(before)) return true;
  const small = /^(?:\d\.){3}\d{1,2}$/.test(written);
  return small && !addressWords.test(before) && !["1.1.1.1", "8.8.8.8", "9.9.9.9", "8.8.4.4"].includes(written);
}

const mostLength = 45;

function findV6({ folded }: PiiText): readonly PiiSpan[] {
  const found: PiiSpan[] = [];
  let last = 0;
  for (let colon = folded.indexOf(":"); colon >= 0; colon = folded.indexOf(":", Math.max(colon + 1, last))) {
    let start = colon;
    let end = colon;
    while (start > last && colon - start < mostLength && /[0-9a-f:]/.test(folded.charAt(start - 1))) start--;
    while (end < folded.length && end - colon < mostLength && /[0-9a-f:.]/.test(folded.charAt(end))) end++;
    last = end;
    while (/[.]/.test(folded.charAt(end - 1)) || (/:/.test(folded.charAt(end - 1)) && folded.charAt(end - 2) !== ":"))
      end--;
    if (/[\p{L}\p{N}_:.-]/u.test(folded.charAt(start - 1)) || /[\p{L}\p{N}_:]/u.test(folded.charAt(end))) continue;
    if (isV6(folded.slice(start, end))) found.push({ entity: "ip", confidence: "validated", start, end });
  }
  return found;
}

/** Eight groups, or fewer around one `::`; the last two may be written as an IPv4 address. */
function isV6(written: string): boolean {
  if (written.length < 5) return false;
  const dotted = /^(.*:)(\d{1,3}(?:\.\d{1,3}){3})$/.exec(written);
  const groups = dotted === null ? written : `${dotted[1]}0:0`;
  const halves = groups.split("::");
  if (halves.length > 2) return false;
  const parts = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  if (!parts.every((part) => /^[0-9a-f]{1,4}$/.test(part))) return false;
  return halves.length === 2 ? parts.length >= 2 && parts.length <= 7 && /\d/.test(groups) : parts.length === 8;
}
