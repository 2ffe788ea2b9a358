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

/** Rule and concern, and what people and the model are told. */
const messages = {
  "grounding.number contradiction": "a number in the answer differs from the one in the document",
  "grounding.number unsupported": "a number in the answer is not in the document",
  "grounding.unit contradiction": "a number in the answer has another unit than in the document",
  "grounding.date contradiction": "a date in the answer differs from the one in the document",
  "grounding.date unsupported": "a date in the answer is not in the document",
  "grounding.name contradiction": "the document has another name in this place",
  "grounding.name unsupported": "a name in the answer is not in the document",
  "grounding.swap contradiction": "names or numbers have changed places against the document",
  "grounding.negation contradiction": "the answer negates what the document says, or says what it negates",
  "grounding.opposite contradiction": "the answer says the opposite of the document",
  "grounding.quotation unsupported": "a quotation in the answer is not in the document",
  "grounding.link unsupported": "a link in the answer is not in the document",
  "grounding.study unsupported": "a study or publication in the answer is not in the document",
  "grounding.claim unsupported": "the document does not say what this sentence says",
  "grounding.statistic unsourced": "a figure or study is given without a source",
  "grounding.self contradiction": "two sentences of the answer contradict each other",
} as const;

export type GroundingRule = keyof typeof messages;

export interface Sighting {
  readonly rule: GroundingRule;
  readonly span: Span;
  readonly claim: Span;
  readonly severity: Severity;
  readonly score?: number;
  readonly evidence?: Evidence | undefined;
}

export function findingOf({ rule, span, claim, severity, score, evidence }: Sighting): GroundingFinding {
  const [id = "", named = ""] = rule.split(" ");
  const concern: Concern = named === "contradiction" || named === "unsupported" ? named : "unsourced";
  return {
    rule: id,
    version: groundingVersion,
    kind: concern,
    severity,
    ...(score === undefined ? {} : { score }),
    span,
    claim,
    concern,
    ...(evidence === undefined ? {} : { evidence }),
    message: messages[rule],
  };
}
