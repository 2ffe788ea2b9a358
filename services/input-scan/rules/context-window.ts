/**
 * Renders the prompt and makes it fit every model of the chain, so that a
 * fallback with a smaller window never overflows. Only the declared long field
 * is cut, at the declared end; the instruction, which is the system prompt and
 * the template's own text, never is: what cannot fit with it is refused.
 */
import type { HarnessDefinition, ModelTier } from "../../../schemas/control/harness-definition.ts";
import type { Message } from "../../../schemas/parts/content.ts";
import type { Reason } from "../../../schemas/parts/finding.ts";
import { parseTemplate, renderTemplate, renderValue, type TemplatePart } from "../../definitions/template.ts";
import { pieceTable, spanToCut } from "../../guards/tokens/cut.ts";
import { tokensBy, tokensPerMessage, weighText } from "../../guards/tokens/estimate.ts";
import { tokenizerOf } from "../../guards/tokens/tokenizer.ts";
import type { GuardOutcome } from "../policy.ts";

type Input = Readonly<Record<string, unknown>>;

export interface RenderedPrompt {
  readonly messages: readonly [Message, ...Message[]];
  /** The field that the answer must be grounded in, as the model sees it. */
  readonly context: string | undefined;
  /** The highest estimate over the models of the chain. */
  readonly tokens: number;
}

export interface ContextOutcome extends GuardOutcome {
  readonly prompt: RenderedPrompt;
}

/** An estimate can be a little low: this share of each window stays free. */
const reserve = 0.02;
const guard = "context_window";

export function fitContextWindow(definition: HarnessDefinition, input: Input): ContextOutcome {
  const { parts } = parseTemplate(definition.prompt.user);
  const whole = render(definition, parts, input);
  const { tokens, permitted } = tightest(whole, definition);
  if (tokens <= permitted) {
    const detail = `${tokens} of ${permitted} tokens`;
    return { report: { guard, verdict: "passed", findings: [], detail }, reasons: [], prompt: whole };
  }
  const { longField } = definition.input;
  const { strategy } = definition.knobs.contextWindow;
  if (longField === undefined || strategy === "refuse")
    return refused(definition, whole, "and the policy cuts nothing");
  const text = renderValue(input[longField]);
  const kept = longestThatFits({ definition, parts, input, longField, keep: strategy }, text);
  if (kept === null) return refused(definition, whole, `and would not fit without ${longField} either`);
  const prompt = render(definition, parts, { ...input, [longField]: kept });
  const after = tightest(prompt, definition);
  const detail =
    `${longField}: kept the ${strategy}, cut ${text.length - kept.length} of ${text.length} characters; ` +
    `${tokens} tokens before, ${after.tokens} after, ${after.permitted} permitted`;
  return { report: { guard, verdict: "truncated", findings: [], detail }, reasons: [], prompt };
}

/** A prompt with what each of its messages weighs: one pass over the text serves every model. */
interface WeighedPrompt extends RenderedPrompt {
  readonly weights: readonly number[];
}

function render(definition: HarnessDefinition, parts: readonly TemplatePart[], input: Input): WeighedPrompt {
  const user: Message = { role: "user", content: renderTemplate(parts, input) };
  const { system } = definition.prompt;
  const messages: RenderedPrompt["messages"] = system === "" ? [user] : [{ role: "system", content: system }, user];
  const { contextField } = definition.input;
  const context = contextField === undefined ? undefined : renderValue(input[contextField]);
  const weights = messages.map(({ content }) => weighText(content));
  return { messages, context, weights, tokens: Math.max(...definition.models.map((tier) => tokensOf(weights, tier))) };
}

interface Fit {
  readonly definition: HarnessDefinition;
  readonly parts: readonly TemplatePart[];
  readonly input: Input;
  readonly longField: string;
  readonly keep: "head" | "tail";
}

/** Null when nothing of the field can be kept. Rendering can cost a token more than its pieces: hence the few rounds. */
function longestThatFits({ definition, parts, input, longField, keep }: Fit, text: string): string | null {
  const places = parts.filter((part) => part.kind === "field" && part.name === longField).length;
  const without = render(definition, parts, { ...input, [longField]: "" }).weights;
  for (let slack = 0; slack <= 64; slack = slack * 2 + 1) {
    const candidates = definition.models.map((tier) => {
      const room = tierBudget(tier, definition) - tokensOf(without, tier) - slack;
      if (room < places) return "";
      const { start, end } = spanToCut(pieceTable(text, tokenizerOf(tier)), Math.floor(room / places), keep);
      return text.slice(0, start) + text.slice(end);
    });
    const kept = candidates.reduce((shortest, next) => (next.length < shortest.length ? next : shortest));
    if (kept === "") return null;
    const { tokens, permitted } = tightest(render(definition, parts, { ...input, [longField]: kept }), definition);
    if (tokens <= permitted) return kept;
  }
  return null;
}

interface Room {
  readonly tokens: number;
  readonly permitted: number;
}

/** What the prompt weighs for the model that it fits least, and what that one takes: when it fits there, it fits all. */
function tightest({ weights }: WeighedPrompt, definition: HarnessDefinition): Room {
  const rooms = definition.models.map((tier) => ({
    tokens: tokensOf(weights, tier),
    permitted: tierBudget(tier, definition),
  }));
  return rooms.reduce((least, room) => (least.permitted - least.tokens <= room.permitted - room.tokens ? least : room));
}

function tierBudget(tier: ModelTier, { output }: HarnessDefinition): number {
  return Math.floor(tier.contextWindowTokens * (1 - reserve)) - output.maxTokens;
}

function tokensOf(weights: readonly number[], { provider }: ModelTier): number {
  return weights.reduce((total, weight) => total + tokensPerMessage + tokensBy(weight, provider), 0);
}

function refused(definition: HarnessDefinition, prompt: WeighedPrompt, why: string): ContextOutcome {
  const { tokens, permitted } = tightest(prompt, definition);
  const message = `the prompt is about ${tokens} tokens, ${permitted} are permitted, ${why}`;
  const { longField } = definition.input;
  const reason: Reason = {
    code: "context_window",
    message,
    rule: "context_window",
    ...(longField === undefined ? {} : { path: `/${longField}` }),
  };
  return { report: { guard, verdict: "blocked", findings: [], detail: message }, reasons: [reason], prompt };
}
