/**
 * Makes the next attempt's task out of a rejected answer: the conversation so
 * far, the answer as the assistant's words, and a message that names each error
 * and asks for a corrected answer. Tools that were called wrongly are told in
 * words too: a call without its result is no conversation that a provider
 * takes. It starts one tier further down the chain
 * where the policy escalates. The quoted answer is cut to what the model's
 * window and the record leave room for, and left out when that is nothing.
 */
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import type { ProviderName } from "../../schemas/parts/codes.ts";
import type { Message } from "../../schemas/parts/content.ts";
import type { Reason } from "../../schemas/parts/finding.ts";
import type { WrittenToolCall } from "../../schemas/parts/tools.ts";
import type { AttemptTask, TierFit } from "../../schemas/records/attempt-task.ts";
import { maxRequestBytes } from "../../schemas/records/run-request.ts";
import { cutMessages } from "../guards/prompt/cut-messages.ts";
import { optionTokens, toolCallTokens } from "../guards/prompt/option-tokens.ts";
import { estimateTokens, tokensPerMessage } from "../guards/tokens/estimate.ts";
import { byteLength } from "../guards/output/answer-size.ts";

/** Longest part of a rejected answer that is shown to the model again, UTF-16 code units. */
export const maxQuotedChars = 16 * 1024;

export interface Rejection {
  readonly task: AttemptTask;
  /** The task's messages, opened. */
  readonly messages: readonly Message[];
  readonly answer: string;
  readonly toolCalls: readonly WrittenToolCall[];
  readonly reasons: readonly Reason[];
  readonly settledTier: number;
  readonly spent: AttemptTask["spent"];
  readonly definition: HarnessDefinition;
}

export function nextAttempt(rejection: Rejection): AttemptTask {
  const { task, definition, settledTier, spent } = rejection;
  const last = definition.models.length - 1;
  const tier = Math.min(definition.knobs.output.escalate ? settledTier + 1 : settledTier, last);
  const messages = conversation(rejection, tier);
  const added = messages.slice(rejection.messages.length);
  const { fits } = task;
  return {
    ...task,
    attempt: task.attempt + 1,
    first_tier: tier,
    messages: { plain: messages },
    input_tokens_estimate: Math.max(
      ...definition.models.map(({ provider }) => tokensOf(messages, provider) + optionTokens(task.options, provider)),
    ),
    ...(fits === undefined ? {} : { fits: fits.map((fit) => grown(fit, added, definition)) }),
    spent,
    rejections: [...(task.rejections ?? []), ...ofAttempt(rejection.reasons, task.attempt)],
  };
}

/** Why a run's answers were rejected, all attempts with this one's last. */
export function reasonsOfRun({ attempt, rejections }: AttemptTask, reasons: readonly Reason[]): readonly Reason[] {
  return rejections === undefined ? reasons : [...rejections, ...ofAttempt(reasons, attempt)];
}

function ofAttempt(reasons: readonly Reason[], attempt: number): readonly Reason[] {
  return reasons.map((reason) => ({ ...reason, attempt }));
}

/** What was cut for a tier stays cut; what the retry adds is counted on top. */
function grown(fit: TierFit, added: readonly Message[], { models }: HarnessDefinition): TierFit {
  return { ...fit, input_tokens: fit.input_tokens + tokensOf(added, models[fit.tier]?.provider) };
}

function conversation(rejection: Rejection, tier: number): Message[] {
  const { task, messages, definition } = rejection;
  const feedback: Message = { role: "user", content: feedbackOn(rejection) };
  const cuts = task.fits?.find((fit) => fit.tier === tier)?.cuts ?? [];
  const base = [...cutMessages(messages, cuts), feedback];
  const { provider, contextWindowTokens } = definition.models[tier] ?? { contextWindowTokens: 0 };
  const window = contextWindowTokens - definition.output.maxTokens;
  const offered = optionTokens(task.options, provider ?? countsMost);
  const roomTokens = window - offered - tokensOf(base, provider) - tokensPerMessage;
  const roomBytes = maxRequestBytes - base.reduce((bytes, message) => bytes + bytesOf(message), 0);
  const quoted = quote(inWords(rejection), roomTokens, roomBytes);
  return quoted === "" ? [...messages, feedback] : [...messages, { role: "assistant", content: quoted }, feedback];
}

const countsMost: ProviderName = "anthropic";

/** In the provider's tokens; without one, of the provider that counts most. */
function tokensOf(messages: readonly Message[], provider = countsMost): number {
  const words = messages.reduce((sum, { content }) => sum + estimateTokens(content, provider) + tokensPerMessage, 0);
  return words + toolCallTokens(messages, provider);
}

function bytesOf({ content, tool_calls: calls }: Message): number {
  return byteLength(content) + (calls === undefined ? 0 : byteLength(JSON.stringify(calls)));
}

/** `Tool call book_room: {"nights": "two"}`, behind what else was said. */
function inWords({ answer, toolCalls }: Rejection): string {
  const calls = toolCalls.map((call) => `Tool call ${call.name}: ${call.arguments}`);
  return [answer, ...calls].filter((part) => part.trim() !== "").join("\n\n");
}

const cutMark = "\n[... cut ...]";

/** The beginning of the answer that fits: a UTF-16 unit is estimated at less than two tokens and takes at most three bytes. */
function quote(answer: string, roomTokens: number, roomBytes: number): string {
  const text = answer.trim();
  const room = Math.min(maxQuotedChars, Math.floor(roomTokens / 2), Math.floor(roomBytes / 3) - cutMark.length);
  if (text.length <= room) return text;
  const head = text.slice(0, Math.max(0, room - cutMark.length)).replace(/[\uD800-\uDBFF]$/, "");
  return head === "" ? "" : head + cutMark;
}

function feedbackOn({ reasons, ...rejection }: Rejection): string {
  const errors = reasons.map(({ message, path, rule }) => {
    const where = path === undefined || path === "" ? "" : `${path}: `;
    return `- ${where}${message}${rule === undefined ? "" : ` (${rule})`}`;
  });
  return [`Your last answer was rejected:`, ...errors, wantedOf(rejection)].join("\n");
}

function wantedOf({ task, toolCalls, definition }: Omit<Rejection, "reasons">): string {
  const { tools, tool_choice: choice = "auto" } = task.options ?? {};
  const mayCall = tools !== undefined && choice !== "none";
  if (mayCall && (toolCalls.length > 0 || choice !== "auto"))
    return "Answer again with corrected tool calls, made as tool calls and not written as text.";
  if (definition.output.format === "text") return "Answer again, corrected and complete.";
  return "Answer again with one corrected JSON value alone: no explanation, no code fence.";
}
