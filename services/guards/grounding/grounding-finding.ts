/**
 * What the grounding rules find: a finding with the claim it is about, what
 * kind of concern it is, and the closest passage of the context. Messages name
 * the problem and never hold a word of the answer or of the context.
 */
import type { Finding, Severity } from "../../../schemas/parts/finding.ts";
import type { Span } from "../text/fold.ts";

/** contradiction: the context, or the answer itself, says otherwise. unsupported: the context does not say it. unsourced: a figure without a source. */
export type Concern = "contradiction" | "unsupported" | "unsourced";

export interface Evidence {
  /** Index of the text in the context. */
  readonly context: number;
  readonly span: Span;
}

export interface GroundingFinding extends Finding {
  /** The sentence of the answer, UTF-16 units. */
  readonly claim: Span;
  readonly concern: Concern;
  readonly span: Span;
  readonly evidence?: Evidence;
}

export const groundingVersion = "1";

/** How sure the rule alone is, 0 to 1; the score of the whole sentence may say more. */
type RuleFacts = readonly [severity: Severity, sure: number, message: string];

/** By rule and concern. */
const rules = {
  "number contradiction": ["high", 0.9, "a number in the answer differs from the one in the document"],
  "number unsupported": ["medium", 0.85, "a number in the answer is not in the document"],
  "unit contradiction": ["high", 0.9, "a number in the answer has another unit than in the document"],
  "date contradiction": ["high", 0.9, "a date in the answer differs from the one in the document"],
  "date unsupported": ["medium", 0.85, "a date in the answer is not in the document"],
  "name contradiction": ["high", 0.8, "the document has another name in this place"],
  "name unsupported": [
    "medium",
    0,
    "a name in the answer is not in the document, and the document does not say the rest either",
  ],
  "swap contradiction": ["high", 0.8, "names or numbers have changed places against the document"],
  "negation contradiction": ["high", 0.7, "the answer denies what the document says, or says what it denies"],
  "opposite contradiction": ["high", 0.75, "the answer says the opposite of the document"],
  "quotation unsupported": ["high", 0.85, "a quotation in the answer is not in the document word by word"],
  "link unsupported": ["high", 0.9, "a link in the answer is not in the document"],
  "study unsupported": ["medium", 0.85, "a study or publication in the answer is not in the document"],
  "claim unsupported": ["medium", 0, "the document does not say what this sentence says"],
  "statistic unsourced": ["low", 0.5, "a figure or study is given without a source"],
  "self contradiction": ["medium", 0.7, "two sentences of the answer contradict each other"],
} as const satisfies Readonly<Record<string, RuleFacts>>;

export type GroundingRule = keyof typeof rules;

export interface Sighting {
  readonly rule: GroundingRule;
  readonly span: Span;
  readonly claim: Span;
  /** Of the sentence as a whole; 0 where only the rule speaks. */
  readonly score: number;
  readonly evidence?: Evidence | undefined;
}

export function findingOf({ rule, span, claim, score, evidence }: Sighting): GroundingFinding {
  const [id = "", named = ""] = rule.split(" ");
  const concern: Concern = named === "contradiction" || named === "unsupported" ? named : "unsourced";
  const [severity, sure, message] = rules[rule];
  return {
    rule: `grounding.${id}`,
    version: groundingVersion,
    kind: concern,
    severity,
    score: Math.max(sure, score),
    span,
    claim,
    concern,
    ...(evidence === undefined ? {} : { evidence }),
    message,
  };
}
