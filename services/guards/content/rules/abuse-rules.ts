/**
 * The rules on abuse, as patterns over the letters of a sentence (lexicon.ts
 * says what each letter is). Every rule wants a target and what is said or
 * threatened about it; no single word is enough. Gaps are bounded, and none of
 * them may hold a negation (N) or a frame (R, Q).
 */
import type { Severity } from "../../../../schemas/parts/finding.ts";
import type { ContentCategory } from "../content-finding.ts";

export interface AbuseRule {
  /** Finding's rule id. */
  readonly rule: string;
  readonly category: ContentCategory;
  readonly severity: Severity;
  readonly certain: boolean;
  readonly pattern: RegExp;
}

export const abuseRules: readonly AbuseRule[] = [
  rule("content.hate.extermination", "hate", "critical", true, [
    /(?:^[.EAoW]?|[WM][Eo]?|M[^NRQ]{0,3}o)k[AdEr]{0,3}[GS]/,
    /[GS][^NRQGS]{0,4}M[EA.]{0,2}(?:BE?K|X)/,
    /[GS][^NRQGS]{0,5}J/,
    /W[AdE]{0,3}[GS].?X/,
  ]),
  rule("content.hate.dehumanising", "hate", "high", true, [subject(/[GS][^NRQGSB]{0,3}B[EdAor.]?[EdAor]{0,4}D/)]),
  rule("content.hate.slur", "hate", "high", true, [/[dY][dEA]{0,3}S/, /YB[EdAor]{0,4}S/]),
  rule("content.hate.hatred", "hate", "high", true, [/F[Ed.]{0,2}U[AEd]{0,3}[GS]/]),
  rule("content.hate.contempt", "hate", "medium", false, [
    subject(/[GS][^NRQGSB]{0,3}B[EdAor]{0,4}C/),
    subject(/[GS][^NRQGS]{0,3}L/),
    /f[Ad]{0,3}[GS]/,
    /l.{0,4}[dGSI]/,
  ]),
  rule("content.harassment.cruelty", "harassment", "high", true, [/c/]),
  rule("content.harassment.insult", "harassment", "medium", true, [/YB?[BEAor]{0,4}d[dEAor]{0,3}I/, /d{1,3}I[.]?Y/]),
  rule("content.harassment.name-calling", "harassment", "low", false, [/YB[EAo]{0,3}[ID]/, /Y[EA]{0,2}I/]),
  rule("content.self_harm.encouragement", "self_harm", "critical", true, [
    /^[.EoTW]?z/,
    /[MoW][Eo]{0,2}z/,
    /H[^NRQ]{0,4}z/,
  ]),
  rule("content.self_harm.intent", "self_harm", "high", true, [/[FW][^NRQG]{0,4}x/]),
  rule("content.violence.threat", "violence", "high", true, [/W[^NRQ]{0,5}(?:k[AdE]{0,2}[Yy]|v)/]),
  rule("content.violence.attack", "violence", "high", true, [/(?:^[.EA]?|[MW]E?)e[AdE]{0,2}[pGO]/]),
  rule("content.violence.incitement", "violence", "medium", false, [
    /(?:^[.EAo]?|[MW][Eo]?)k[AdEy]{0,3}O/,
    /O[^NRQ]{0,3}M[EA]{0,2}BK/,
    /W[^NRQ]{0,4}k[AdE]{0,2}O/,
    /Y[^NRQ]{0,2}BK/,
  ]),
  rule("content.violence.gore", "violence", "medium", false, [/g.{0,30}g/]),
];

/** What is said must be said of the group, and not of something that is done to it, in it or for it. */
function subject({ source }: RegExp): RegExp {
  return new RegExp(`(?:^|[^rTAdNRQ])[Ad]{0,3}${source}`);
}

function rule(
  id: string,
  category: ContentCategory,
  severity: Severity,
  ...[certain, patterns]: readonly [certain: boolean, patterns: readonly RegExp[]]
): AbuseRule {
  const pattern = new RegExp(patterns.map(({ source }) => source).join("|"));
  return { rule: id, category, severity, certain, pattern };
}
