/**
 * What a guard found: rule, version, span and severity, and never the matched
 * text itself. Spans are offsets in UTF-16 code units into the text scanned.
 */
import { z } from "zod";
import { contextStrategy, guardVerdict } from "./codes.ts";

export const severity = z.enum(["low", "medium", "high", "critical"]);

const span = z.object({ start: z.int().nonnegative(), end: z.int().nonnegative() });

export const finding = z.object({
  rule: z.string().describe("Rule id, for example `pii.card` or `core/ignore-previous`"),
  version: z.string().describe("Version of the rule or of its signature pack"),
  kind: z.string().optional().describe("What sort of thing it is: a signature's category, an entity of personal data"),
  severity,
  score: z.number().min(0).max(1).optional().describe("How sure a rule is that scores instead of matching"),
  confidence: z
    .enum(["validated", "contextual", "bare"])
    .optional()
    .describe("Of personal data: a checksum or full syntax holds, a word nearby says so, or the shape alone"),
  action: z.string().optional().describe("What was done about it, for example redact or hash"),
  span: span.optional(),
  claim: span.optional().describe("The sentence that the finding is about"),
  evidence: z
    .object({ context: z.int().nonnegative(), span })
    .optional()
    .describe("The passage of the context that comes closest to the claim: which text of the context, and where"),
  field: z.string().optional().describe("Where the text stood: an input field or `answer`"),
  message: z.string().optional().describe("For people; never holds matched content"),
});

/** What was cut from a prompt for one tier of the chain, and what that saves on each call of it. */
export const promptCut = z.object({
  tier: z.int().nonnegative(),
  provider: z.string(),
  model: z.string(),
  strategy: contextStrategy.optional().describe("By which it was cut; absent on records of before"),
  counted: z.enum(["exact", "estimated"]).describe("Whether tokens_after is a count or an estimate"),
  characters: z.int().nonnegative().describe("Cut out of the long field, UTF-16 code units"),
  turns: z.int().nonnegative().describe("Messages of the conversation that were left out"),
  tokens_cut: z.int().nonnegative().describe("Estimated"),
  tokens_after: z.int().nonnegative(),
  permitted: z.int().describe("Input tokens that the window has room for"),
  saved_usd: z.string().nullable().describe("Input price of the tokens cut; null when the price is unknown"),
});

export const guardReport = z.object({
  guard: z.string().describe("injection, pii, context_window, input_contract, output_contract ..."),
  verdict: guardVerdict,
  findings: z.array(finding),
  detail: z.string().optional().describe("For people: what was cut, why it did not run"),
  cuts: z.array(promptCut).optional().describe("What the context window left out, a tier each"),
});

/** A reason a caller can act on: which field broke which rule. */
export const reason = z.object({
  code: z.string(),
  message: z.string(),
  path: z.string().optional().describe("JSON pointer into the input or the answer"),
  rule: z.string().optional().describe("Rule id or JSON Schema keyword that was broken"),
  attempt: z.int().min(1).max(3).optional().describe("Whose answer it is about, where several of a run were rejected"),
  expected: z.string().optional().describe("What would have kept the rule, as the contract says it"),
  retry_after_ms: z.int().nonnegative().optional().describe("The same request may pass after this long, milliseconds"),
  resets_at_ms: z.int().optional().describe("When the budget that stands in the way starts anew, Unix milliseconds"),
});

export type Severity = z.infer<typeof severity>;
export type Finding = z.infer<typeof finding>;
export type PromptCut = z.infer<typeof promptCut>;
export type GuardReport = z.infer<typeof guardReport>;
export type Reason = z.infer<typeof reason>;
