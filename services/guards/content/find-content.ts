/**
 * The local layer of the content filter, without asking anybody: rules for
 * hate, harassment, violence and calls for self-harm, and two small linear
 * models for sexual content and self-harm. What it is not sure of says so, and
 * a policy may ask for a second opinion. Pure, deterministic, linear.
 */
import type { Severity } from "../../../schemas/parts/finding.ts";
import { fold, originalSpan, type FoldedText } from "../text/fold.ts";
import { readings } from "../text/readings.ts";
import type { ContentFinding } from "./content-finding.ts";
import { contentModelVersion, contentScores, type ContentScore } from "./model/content-scores.ts";
import { findAbuse } from "./rules/find-abuse.ts";
import { unmarked } from "./unmarked.ts";

export type { ContentCategory, ContentFinding } from "./content-finding.ts";

export const contentRulesVersion = "2";

export function findContent(text: string): readonly ContentFinding[] {
  const folded = fold(text);
  return [...abuseIn(folded), ...contentScores(folded).map((scored) => modelFinding(scored, text))];
}

/** In the text, as a page shows it, and in its other readings; each rule once. */
function abuseIn(text: FoldedText): readonly ContentFinding[] {
  const found = new Map<string, ContentFinding>();
  const shown = unmarked(text);
  const texts = shown === null ? [text] : [text, shown];
  for (const read of texts.flatMap((each) => [each, ...readings(each)])) {
    for (const { rule, certain, span } of findAbuse(read.folded)) {
      if (found.has(rule.rule)) continue;
      const { category, severity } = rule;
      found.set(rule.rule, {
        rule: rule.rule,
        version: contentRulesVersion,
        kind: category,
        severity,
        span: originalSpan(read, span.start, span.end),
        category,
        certain,
      });
    }
  }
  return [...found.values()];
}

function modelFinding({ category, score, certain, span }: ContentScore, text: string): ContentFinding {
  const rule = `content.${category}`;
  const severity = severityOf(category, certain, text.slice(span.start, span.end));
  const rounded = Math.round(score * 100) / 100;
  return { rule, version: contentModelVersion, kind: category, severity, score: rounded, span, category, certain };
}

/** Sexual content near words for minors is the gravest there is. */
function severityOf(category: ContentScore["category"], certain: boolean, window: string): Severity {
  if (category === "sexual" && minors.test(window.toLowerCase())) return certain ? "critical" : "high";
  return certain ? "high" : "medium";
}

const minors =
  /\b(?:underage|minor|child|children|schoolgirl|schoolboy|preteen|toddler|little girl|little boy|1[0-7][ -]years?[ -]old|1[0-7] yo)\b/;
