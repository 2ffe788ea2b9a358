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

interface RuleFacts {
  readonly severity: Severity;
  /** How sure the rule alone is, 0 to 1; the score of the whole sentence may say more. */
  readonly sure: number;
  readonly message: string;
}

/** By rule and concern. */
const rules = {
  "grounding.number contradiction": {
    severity: "high",
    sure: 0.9,
    message: "a number in the answer differs from the one in the document",
  },
  "grounding.number unsupported": {
    severity: "medium",
    sure: 0.85,
    message: "a number in the answer is not in the document",
  },
  "grounding.unit contradiction": {
    severity: "high",
    sure: 0.9,
    message: "a number in the answer has another unit than in the document",
  },
  "grounding.date contradiction": {
    severity: "high",
    sure: 0.9,
    message: "a date in the answer differs from the one in the document",
  },
  "grounding.date unsupported": {
    severity: "medium",
    sure: 0.85,
    message: "a date in the answer is not in the document",
  },
  "grounding.name contradiction": {
    severity: "high",
    sure: 0.8,
    message: "the document has another name in this place",
  },
  "grounding.name unsupported": {
    severity: "medium",
    sure: 0,
    message: "a name in the answer is not in the document, and the document does not say the rest either",
  },
  "grounding.swap contradiction": {
    severity: "high",
    sure: 0.8,
    message: "names or numbers have changed places against the document",
  },
  "grounding.negation contradiction": {
    severity: "high",
    sure: 0.7,
    message: "the answer denies what the document says, or says what it denies",
  },
  "grounding.opposite contradiction": {
    severity: "high",
    sure: 0.75,
    message: "the answer says the opposite of the document",
  },
  "grounding.quotation unsupported": {
    severity: "high",
    sure: 0.85,
    message: "a quotation in the answer is not in the document word by word",
  },
  "grounding.link unsupported": {
    severity: "high",
    sure: 0.9,
    message: "a link in the answer is not in the document",
  },
  "grounding.study unsupported": {
    severity: "medium",
    sure: 0.85,
    message: "a study or publication in the answer is not in the document",
  },
  "grounding.claim unsupported": {
    severity: "medium",
    sure: 0,
    message: "the document does not say what this sentence says",
  },
  "grounding.statistic unsourced": {
    severity: "low",
    sure: 0.5,
    message: "a figure or study is given without a source",
  },
  "grounding.self contradiction": {
    severity: "medium",
    sure: 0.7,
    message: "two sentences of the answer contradict each other",
  },
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
  const { severity, sure, message } = rules[rule];
  return {
    rule: id,
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
