/**
 * Keys, tokens, passwords and private keys. Only what stands around a long
 * piece without spaces that holds a digit, or around a few telling openings, is
 * looked at: there the keywords of all rules are found in one pass, and only
 * the rules whose keyword stands there are tried, on the text in its own case.
 */
import type { PiiSpan } from "../entity.ts";
import type { PiiText } from "../pii-text.ts";
import { entropyOf, isKeyLike, isMasked, isPlaceholder } from "./randomness.ts";
import { secretRules, type SecretRule } from "./secret-rules.ts";

const leastPiece = 12;
/** How far before a secret its name may stand. */
const reachBefore = 90;

interface Region {
  readonly start: number;
  readonly end: number;
}

/** Secrets of letters alone, or over several lines: how they begin, and how far they may reach. */
const openings: readonly (readonly [opening: string, reach: number])[] = [
  ["-----begin", 8200],
  ["akia", 40],
  ["_live_", 110],
  ["glpat-", 60],
  ["hf_", 60],
  ["api_org_", 60],
  ["curl ", 600],
  ["<add key=", 300],
  ["password", 90],
  ["passwd", 90],
  ["pwd", 90],
];

export function findSecrets(text: PiiText): readonly PiiSpan[] {
  const found: PiiSpan[] = [];
  for (const region of regionsOf(text)) searchRegion(text, region, found);
  return found;
}

/** In order and apart. */
function regionsOf({ folded, starts }: PiiText): readonly Region[] {
  const regions: Region[] = [];
  let last = 0;
  for (const digit of starts) {
    if (digit < last) continue;
    let start = digit;
    while (start > last && !isSpace(folded.charCodeAt(start - 1))) start--;
    last = nextSpace(folded, digit);
    if (last - start >= leastPiece) regions.push({ start: Math.max(0, start - reachBefore), end: last });
  }
  for (const [opening, reach] of openings) {
    for (let at = folded.indexOf(opening); at >= 0; at = folded.indexOf(opening, at + opening.length))
      regions.push({ start: Math.max(0, at - 4), end: Math.min(folded.length, at + reach) });
  }
  return joined(regions);
}

function nextSpace(folded: string, from: number): number {
  let at = from;
  while (at < folded.length && !isSpace(folded.charCodeAt(at))) at++;
  return at;
}

function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a;
}

function joined(regions: readonly Region[]): readonly Region[] {
  const apart: Region[] = [];
  for (const region of regions.toSorted((left, right) => left.start - right.start)) {
    const before = apart.at(-1);
    if (before === undefined || region.start > before.end) apart.push(region);
    else apart[apart.length - 1] = { start: before.start, end: Math.max(before.end, region.end) };
  }
  return apart;
}

function searchRegion(text: PiiText, region: Region, found: PiiSpan[]): void {
  const start = region.start;
  const end = Math.min(text.folded.length, region.end + 1);
  const candidates = new Set<SecretRule>();
  secretRules.automaton.scan(text.folded.slice(start, end), (keyword) => {
    for (const rule of secretRules.byKeyword[keyword] ?? []) candidates.add(rule);
  });
  if (candidates.size === 0) return;
  const cased = text.cased(start, end);
  for (const rule of candidates) {
    for (const match of cased.matchAll(rule.regex)) {
      const secret = match.slice(1).find((group) => group !== undefined && group !== "") ?? match[0];
      if (!isSecret(rule, secret, match[0])) continue;
      const inside = rule.assigned ? match[0].lastIndexOf(secret) : match[0].indexOf(secret);
      const from = start + match.index + Math.max(0, inside);
      found.push({ entity: "secret", confidence: "validated", start: from, end: from + secret.length });
    }
  }
}

/** Names that hold the keywords of the generic rule and name no secret. */
const innocentName =
  /(?:public|primary|foreign|sort|partition|cache|idempotency|primary|license|product|order|tracking|reference|confirmation)[ _.-]?(?:key|token|code|id)|key(?:word|board|note|stone|frame)|api[ _.-]?(?:id|name|version)|(?:sha|md5|checksum|digest|etag|commit|integrity|hash)|author|monkey|turkey|key[ _.-]?(?:id|name|size|length)/i;

/** Of 16 signs alone, 32 drawn at random stay below 3.5 bits in one case of six. */
const hexadecimal = /^[0-9a-f]{32,128}$/;
const leastOfHex = 3;

function isSecret(rule: SecretRule, secret: string, match: string): boolean {
  const least = rule.named && hexadecimal.test(secret) ? Math.min(rule.entropy, leastOfHex) : rule.entropy;
  if (secret.length < 8 || (least > 0 && entropyOf(secret) <= least)) return false;
  if (!rule.named) return !isMasked(secret);
  if (isPlaceholder(secret)) return false;
  if (rule.id !== "generic-api-key") return true;
  return isKeyLike(secret) && !innocentName.test(match.slice(0, match.length - secret.length));
}
