/**
 * Renders the prompt and makes it fit the tiers of the chain, each for itself:
 * a fallback with a smaller window gets a shorter prompt, and a first choice
 * with a larger one loses nothing for it. A tier that cannot take the prompt is
 * passed over; when none can, the run is refused. Instructions are never cut.
 */
import type { HarnessDefinition, ModelTier } from "../../../schemas/control/harness-definition.ts";
import type { CallOptions } from "../../../schemas/parts/call-options.ts";
import type { Message } from "../../../schemas/parts/content.ts";
import type { GuardReport, PromptCut, Reason } from "../../../schemas/parts/finding.ts";
import type { TierFit } from "../../../schemas/records/attempt-task.ts";
import { fitTier, permittedTokens, type Fit } from "../../guards/prompt/fit-tier.ts";
import { toolCallTokens } from "../../guards/prompt/option-tokens.ts";
import { renderPrompt, type Frame, type Prompt } from "../../guards/prompt/render.ts";
import { estimateTokens, tokensPerMessage } from "../../guards/tokens/estimate.ts";
import { tokenizerOf } from "../../guards/tokens/tokenizer.ts";
import { savedInputUsd } from "../../pricing/saved-input.ts";
import type { Tariff } from "../../pricing/tariff.ts";
import type { GuardOutcome } from "../policy.ts";

type Input = Readonly<Record<string, unknown>>;

export interface RenderedPrompt {
  /** Whole: what a tier does not take of them stands in `fits`. */
  readonly messages: readonly Message[];
  /** The field that the answer must be grounded in, as a tier with room for all of it sees it. */
  readonly context: string | undefined;
  /** The highest count or estimate over the tiers that can take the prompt. */
  readonly tokens: number;
  /** What each tier gets; absent when the prompt is so short that every tier takes it whole. */
  readonly fits?: readonly TierFit[];
}

export interface ContextOutcome extends GuardOutcome {
  readonly prompt: RenderedPrompt;
}

export interface PromptSettings {
  /** When the request came, Unix milliseconds: the price of then is what a cut saves. Without it no money is said. */
  readonly atMs?: number | undefined;
  readonly negotiated?: Tariff["negotiated"];
  /** What stands around a field's text in the prompt. */
  readonly frames?: ReadonlyMap<string, Frame>;
  /** Of the caller, as the harness permits them. */
  readonly options?: CallOptions | undefined;
}

const guard = "context_window";

export function fitContextWindow(
  definition: HarnessDefinition,
  input: Input,
  { atMs, negotiated, frames, options }: PromptSettings = {},
): ContextOutcome {
  const rendered = renderPrompt(definition, input, frames);
  if (rendered === null) return noConversation(definition);
  const { messages, context } = rendered;
  const { strategy } = definition.knobs.contextWindow;
  const tiers = fitChain(rendered, { ...definition, options });
  const usable = tiers.filter((tier) => tier.fit.cuts !== null);
  const tokens = Math.max(...(usable.length > 0 ? usable : tiers).map(({ fit }) => fit.tokens));
  const prompt = { messages, context, tokens };
  if (usable.length === 0) return refused(definition, prompt, tiers);
  const cuts = usable.flatMap((tier) =>
    tier.fit.cuts?.length === 0 ? [] : [cutOf(rendered, tier, { strategy, atMs, negotiated })],
  );
  const fits = usable.map(({ tier, fit }) => ({
    tier,
    input_tokens: fit.tokens,
    cuts: [...(fit.cuts ?? [])],
    ...tokensCut(cuts.find((cut) => cut.tier === tier)),
  }));
  if (tiers.every(({ fit }) => fit.cuts?.length === 0)) {
    const passed: GuardReport = { guard, verdict: "passed", findings: [], detail: roomOf(tiers) };
    const sure = tiers.every(({ fit }) => fit.sure);
    return { report: passed, reasons: [], prompt: sure ? prompt : { ...prompt, fits } };
  }
  const detail = tiers.map((tier) => describe(tier, cuts)).join("; ");
  const report: GuardReport = { guard, verdict: "passed", findings: [], detail };
  const shortened: GuardReport = cuts.length === 0 ? report : { ...report, verdict: "truncated", cuts };
  return { report: shortened, reasons: [], prompt: { ...prompt, fits } };
}

function tokensCut(cut: PromptCut | undefined): { readonly tokens_cut?: number } {
  return cut === undefined || cut.tokens_cut === 0 ? {} : { tokens_cut: cut.tokens_cut };
}

interface FittedTier {
  readonly tier: number;
  readonly model: ModelTier;
  readonly fit: Fit;
}

/** Tiers that count alike and have the same room get the same prompt: the work is done once. */
function fitChain(prompt: Prompt, harness: HarnessDefinition & Pick<PromptSettings, "options">): readonly FittedTier[] {
  const known = new Map<string, Fit>();
  return harness.models.map((model, tier) => {
    const key = `${tokenizerOf(model).name} ${model.provider} ${permittedTokens(model, harness)}`;
    const fit = known.get(key) ?? fitTier(prompt, model, harness);
    known.set(key, fit);
    return { tier, model, fit };
  });
}

/** What was cut for a tier that can take the prompt only so. */
function cutOf(
  { messages, turnsFrom }: Prompt,
  { tier, model, fit }: FittedTier,
  { strategy, atMs, negotiated }: Pick<PromptSettings, "atMs" | "negotiated"> & Pick<PromptCut, "strategy">,
): PromptCut {
  const own = fit.cuts ?? [];
  const turns = own.filter(({ message }) => message >= turnsFrom).length;
  const texts = own.map(({ message, start, end }) => (messages[message]?.content ?? "").slice(start, end));
  const lengths = own.map(({ message, start, end }) => (message < turnsFrom ? end - start : 0));
  const dropped = own.flatMap(({ message }) => (message >= turnsFrom ? (messages[message] ?? []) : []));
  const beside = turns * tokensPerMessage + toolCallTokens(dropped, model.provider);
  const tokensCut = texts.reduce((sum, text) => sum + estimateTokens(text, model.provider), beside);
  const { provider, model: name } = model;
  const priced = { provider, account: provider, model: name };
  const saved = { tokensBefore: fit.tokens + tokensCut, tokensAfter: fit.tokens };
  return {
    tier,
    provider,
    model: name,
    ...(strategy === undefined ? {} : { strategy }),
    counted: fit.counted,
    characters: lengths.reduce((sum, length) => sum + length, 0),
    turns,
    tokens_cut: tokensCut,
    tokens_after: fit.tokens,
    permitted: fit.permitted,
    saved_usd: atMs === undefined ? null : savedInputUsd({ ...priced, atMs, negotiated }, saved),
  };
}

function describe({ tier, model, fit }: FittedTier, cuts: readonly PromptCut[]): string {
  const name = `${model.provider}/${model.model}`;
  if (fit.cuts === null) return `${name} cannot take it: ${fit.tokens} tokens or more, ${fit.permitted} permitted`;
  const cut = cuts.find((own) => own.tier === tier);
  if (cut === undefined) return `${name} takes it whole: ${fit.tokens} of ${fit.permitted} tokens`;
  const parts = [
    ...(cut.turns > 0 ? [`the oldest ${cut.turns} messages`] : []),
    ...(cut.characters > 0 ? [`${cut.characters} characters`] : []),
  ];
  const saved = cut.saved_usd === null ? "" : `, which saves $${cut.saved_usd} a call`;
  const counts = `about ${cut.tokens_cut} tokens, ${cut.tokens_after} of ${cut.permitted} left`;
  return `${name} is sent it without ${parts.join(" and ")}: ${counts}${saved}`;
}

/** Of the tier that it fits with the least to spare. */
function roomOf(tiers: readonly FittedTier[]): string {
  const [least] = tiers.map(({ fit }) => fit).toSorted((a, b) => a.permitted - a.tokens - (b.permitted - b.tokens));
  return least === undefined ? "" : `${least.tokens} of ${least.permitted} tokens`;
}

/** Told of the tier that came nearest to taking it. */
function refused(definition: HarnessDefinition, prompt: RenderedPrompt, tiers: readonly FittedTier[]): ContextOutcome {
  const [nearest] = tiers.map(({ fit }) => fit).toSorted((a, b) => a.tokens - a.permitted - (b.tokens - b.permitted));
  const { strategy } = definition.knobs.contextWindow;
  const field = definition.prompt.messages ?? definition.input.longField;
  const why = strategy === "refuse" ? "the policy cuts nothing" : "nothing that may be cut makes it fit";
  const message = `the prompt is ${nearest?.counted === "exact" ? "" : "about "}${nearest?.tokens} tokens or more, ${nearest?.permitted} are permitted, and ${why}`;
  return blocked(prompt, message, field);
}

function noConversation({ prompt: { messages = "" } }: HarnessDefinition): ContextOutcome {
  const message = "must hold a conversation that can be answered";
  return blocked({ messages: [], context: undefined, tokens: 0 }, message, messages);
}

function blocked(prompt: RenderedPrompt, message: string, field: string | undefined): ContextOutcome {
  const reason: Reason = {
    code: guard,
    message,
    rule: guard,
    ...(field === undefined ? {} : { path: `/${field}` }),
  };
  return { report: { guard, verdict: "blocked", findings: [], detail: message }, reasons: [reason], prompt };
}
