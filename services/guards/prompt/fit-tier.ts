/**
 * Makes a prompt fit the context window of one tier of the chain: whole when it
 * fits, else without the oldest turns of the conversation, else with the long
 * field cut. Never cut are instructions, the template's own text, the output's
 * schema, tools, and the conversation from the user's last turn on: what cannot
 * fit with them does not fit. Turns go up to one of the user's, so that no call
 * of a tool loses its result and no result its call.
 */
import type { CallOptions } from "../../../schemas/parts/call-options.ts";
import type { HarnessDefinition, ModelTier } from "../../../schemas/control/harness-definition.ts";
import type { Message } from "../../../schemas/parts/content.ts";
import type { MessageCut } from "../../../schemas/records/attempt-task.ts";
import { spanToCut, type Keep } from "../tokens/cut.ts";
import { estimateTokens, tokensPerMessage } from "../tokens/estimate.ts";
import { tokenizerOf, type Tokenizer } from "../tokens/tokenizer.ts";
import { cutMessages } from "./cut-messages.ts";
import { optionTokens, toolCallTokens } from "./option-tokens.ts";
import { outputLimit } from "./output-limit.ts";
import type { Prompt } from "./render.ts";

export interface Fit {
  /** Of the prompt as this tier gets it; of the whole prompt, and perhaps too low, when it does not fit. */
  readonly tokens: number;
  /** What the tier's window has room for beside the answer. */
  readonly permitted: number;
  readonly counted: Tokenizer["kind"];
  /** It has so few bytes that it fits whatever its tokens are; they are only estimated then. */
  readonly sure: boolean;
  /** Empty: it fits whole. Null: it cannot be made to fit. */
  readonly cuts: readonly MessageCut[] | null;
}

export type Strategy = Keep | "refuse";
type Harness = Pick<HarnessDefinition, "knobs" | "maxAttempts"> & Answering;

interface Answering extends Pick<HarnessDefinition, "output"> {
  /** Of the caller: tools and a schema cost tokens, and a shorter answer leaves more room. */
  readonly options?: CallOptions | undefined;
}

/** An estimate can be too low: this share of a window stays free where tokens are not counted. */
const reserve = 0.02;
/** Stands in the place of what is cut out of the middle. */
export const cutMarker = "\n[... cut ...]\n";
const tokensPerAnswerPrompt = 3;
/** A prompt that is cut leaves so much room, in tokens and as a share of the window, for asking again with the errors. */
const askAgainTokens = 512;
const askAgainShare = 0.05;

export function fitTier(prompt: Prompt, tier: ModelTier, harness: Harness): Fit {
  const tokenizer = tokenizerOf(tier);
  const permitted = permittedTokens(tier, harness);
  const offered = optionTokens(harness.options, tier.provider);
  const counting = { tokenizer, tier, harness, permitted, offered };
  const count = (messages: readonly Message[]): number => countPrompt(messages, counting);
  const tokens = count(prompt.messages);
  const fit = { permitted, counted: tokenizer.kind, sure: surelyFits(prompt.messages, counting) };
  if (tokens <= permitted) return { ...fit, tokens, cuts: [] };
  if (harness.knobs.contextWindow.strategy === "refuse") return { ...fit, tokens, cuts: null };
  const goal = permitted - askAgainRoom(tier, harness);
  const older = oldestTurns(prompt, (cuts) => count(cutMessages(prompt.messages, cuts)) <= goal);
  const cuts = older.fits ? older.cuts : cutPlaces(prompt, older.cuts, { tokenizer, harness, count, goal });
  if (cuts === null) return { ...fit, tokens, cuts: null };
  return { ...fit, tokens: count(cutMessages(prompt.messages, cuts)), cuts };
}

/** Input tokens that a tier's window has room for. */
export function permittedTokens(tier: ModelTier, harness: Answering): number {
  const usable = tokenizerOf(tier).kind === "exact" ? 1 : 1 - reserve;
  return Math.floor(tier.contextWindowTokens * usable) - outputLimit(harness, harness.options);
}

function askAgainRoom({ contextWindowTokens }: ModelTier, { maxAttempts }: Harness): number {
  return maxAttempts > 1 ? Math.floor(Math.min(askAgainTokens, contextWindowTokens * askAgainShare)) : 0;
}

interface Count {
  readonly tokenizer: Tokenizer;
  readonly tier: ModelTier;
  readonly harness: Harness;
  readonly permitted: number;
  /** Tokens of the caller's tools and schema. */
  readonly offered: number;
}

/** Beside the messages' own text. */
function besideTokens(messages: readonly Message[], { tier, harness, offered }: Count): number {
  return fixedTokens(messages.length, harness) + offered + toolCallTokens(messages, tier.provider);
}

/** A byte is a token at most, and a UTF-16 code unit is three bytes at most. */
function surelyFits(messages: readonly Message[], counting: Count): boolean {
  const length = messages.reduce((sum, { content }) => sum + content.length, 0);
  return length * 3 + besideTokens(messages, counting) <= counting.permitted;
}

/** What surely fits is only estimated. Counting stops soon after what is permitted. */
function countPrompt(messages: readonly Message[], counting: Count): number {
  const { tokenizer, tier, permitted } = counting;
  let tokens = besideTokens(messages, counting);
  if (surelyFits(messages, counting)) {
    for (const { content } of messages) tokens += estimateTokens(content, tier.provider);
    return Math.min(tokens, permitted);
  }
  for (const { content } of messages) {
    tokens += tokenizer.count(content, permitted - tokens);
    if (tokens > permitted) break;
  }
  return tokens;
}

const schemaTokens = new WeakMap<object, number>();

/** What is sent beside the messages' own text: their roles, the beginning of the answer, the output's schema. */
export function fixedTokens(messages: number, { output }: Pick<Harness, "output">): number {
  const frame = messages * tokensPerMessage + tokensPerAnswerPrompt;
  if (output.format === "text" || output.schema === undefined) return frame;
  let schema = schemaTokens.get(output.schema);
  if (schema === undefined) schemaTokens.set(output.schema, (schema = estimateTokens(JSON.stringify(output.schema))));
  return frame + schema;
}

interface Older {
  readonly fits: boolean;
  readonly cuts: readonly MessageCut[];
}

/** Leaves out the fewest of the oldest turns after which it fits, or all before the last; what stays begins with the user. */
function oldestTurns({ messages, turnsFrom }: Prompt, fits: (cuts: readonly MessageCut[]) => boolean): Older {
  const starts = messages.flatMap(({ role }, at) => (at > turnsFrom && role === "user" ? [at] : []));
  let low = 0;
  let high = starts.length;
  const cutsTo = (at: number): readonly MessageCut[] =>
    messages
      .slice(turnsFrom, starts[at] ?? turnsFrom)
      .map(({ content }, index) => ({ message: turnsFrom + index, start: 0, end: content.length }));
  while (low < high) {
    const middle = (low + high) >> 1;
    if (fits(cutsTo(middle))) high = middle;
    else low = middle + 1;
  }
  return low < starts.length
    ? { fits: true, cuts: cutsTo(low) }
    : { fits: false, cuts: starts.length === 0 ? [] : cutsTo(starts.length - 1) };
}

interface Room {
  readonly tokenizer: Tokenizer;
  readonly harness: Harness;
  /** Tokens that the prompt may cost. */
  readonly goal: number;
  readonly count: (messages: readonly Message[]) => number;
}

/** Tokens given up one by one, so that more window never sends less; a longer run of one sign can need more. */
const singleSteps = 32;

/** Null when nothing of the text can stay. The cut text can cost a little more in its place than alone: hence the rounds. */
function cutPlaces(
  { messages, places }: Prompt,
  older: readonly MessageCut[],
  { tokenizer, harness, count, goal }: Room,
): readonly MessageCut[] | null {
  const [place] = places;
  const { strategy } = harness.knobs.contextWindow;
  if (place === undefined || strategy === "refuse") return null;
  const text = (messages[place.message]?.content ?? "").slice(place.start, place.end);
  const insert = strategy === "middle" ? { insert: cutMarker } : {};
  const cutTo = (span: { readonly start: number; readonly end: number }): readonly MessageCut[] => [
    ...older,
    ...places.map(({ message, start }) => ({ message, start: start + span.start, end: start + span.end, ...insert })),
  ];
  const without = count(cutMessages(messages, cutTo({ start: 0, end: text.length })));
  const free = Math.floor((goal - without) / places.length);
  for (let slack = 0; slack < free; slack = slack < singleSteps ? slack + 1 : slack * 2) {
    const span = spanToCut(text, { tokenizer, room: free - slack, keep: strategy });
    if (span.end - span.start === text.length) return null;
    const cuts = cutTo(span);
    if (count(cutMessages(messages, cuts)) <= goal) return cuts;
  }
  return null;
}
