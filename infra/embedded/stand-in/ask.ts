/**
 * What a call asks for, whichever API it came by, and what is to be answered.
 * Tokens are counted by one rule for every model: a quarter of the characters
 * (UTF-16 code units), rounded up.
 */
import type { ContentCategory } from "../../../schemas/parts/codes.ts";
import type { Usage } from "../../../schemas/parts/usage.ts";
import type { ToolCall } from "./answers/tool-calls.ts";

export interface Ask {
  /** Whose it is in the books: `openai`, `anthropic`, `azure`, or the name at the beginning of the path. */
  readonly provider: string;
  readonly model: string;
  /** The longest user message: what answers are drawn from (a later one may only name the faults of an answer). */
  readonly text: string;
  /** The harness's instructions. */
  readonly system: string;
  /** Every message and the system prompt, for fault rules to look in. */
  readonly prompt: string;
  readonly inputTokens: number;
  readonly maxTokens: number;
  /** Present when JSON is asked for by schema. */
  readonly jsonSchema: unknown;
  /** What the model may call; null without tools. */
  readonly tools: AskedTools | null;
  /** The answer is asked for as server-sent events. */
  readonly stream: boolean;
  /** OpenAI: usage comes in a stream only when it is asked for. */
  readonly streamUsage: boolean;
  /** Texts to be judged instead of answered. */
  readonly judged?: readonly string[];
}

export interface OfferedTool {
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface AskedTools {
  readonly offered: readonly OfferedTool[];
  readonly choice: "auto" | "none" | "required" | { readonly name: string };
  /** Several calls in one answer. */
  readonly parallel: boolean;
  /** What the user said since the last tool's result, message by message. */
  readonly said: readonly string[];
}

/** Why the answer ends, in neither provider's words. */
export type Ending = "stop" | "length" | "refusal";

export interface Reply {
  readonly text: string;
  /** In place of words. */
  readonly calls: readonly ToolCall[];
  readonly ending: Ending;
  readonly usage: Usage;
  /** Fault: report no usage, or totals that do not add up. */
  readonly usageFault?: "absent" | "wrong_total" | undefined;
  /** Of texts to be judged: what each of them is found to be, whatever it says. */
  readonly flags?: Flags | undefined;
}

export interface Flags {
  readonly categories: readonly ContentCategory[];
  readonly score: number;
}

/** An HTTP answer, before it is written. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export type ParsedAsk =
  | { readonly kind: "ask"; readonly ask: Omit<Ask, "provider"> }
  | { readonly kind: "invalid"; readonly message: string };

/** One provider's API: how its requests are read and its answers and errors written. */
export interface Dialect {
  readonly parse: (body: unknown) => ParsedAsk;
  readonly answer: (ask: Ask, reply: Reply, id: string) => HttpAnswer;
  /** The same answer as server-sent events, each with its frame, in order. */
  readonly events: (ask: Ask, reply: Reply, id: string) => readonly string[];
  /** What a stream says in place of its end when the provider is overloaded. */
  readonly errorEvent: string;
  readonly error: (
    status: number,
    detail: { readonly message?: string; readonly code?: string; readonly id: string },
  ) => HttpAnswer;
  /** The caller's key; null without one. */
  readonly keyOf: (headers: Readonly<Record<string, string | string[] | undefined>>) => string | null;
  /** The code of a prompt that is too long; none where the API has no code for it. */
  readonly overlong: { readonly code?: string };
  /** Input and output together, tokens. */
  readonly contextWindow: number;
  /** It produces nothing that is paid for. */
  readonly isFree?: boolean;
}

/** What one event of a stream carries: a few tokens' worth. */
const charactersPerPiece = 24;

export function piecesOf(text: string): readonly string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; at += charactersPerPiece) pieces.push(text.slice(at, at + charactersPerPiece));
  return pieces;
}

export function countTokens(characters: number): number {
  return Math.ceil(characters / 4);
}

/** The token of an Authorization header; null when it carries none. */
export function bearerOf(header: string | string[] | undefined): string | null {
  return /^Bearer (\S+)/.exec(String(header ?? ""))?.[1] ?? null;
}

/** Message content: a string, or parts of which the text ones count. */
export function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content
    .map((part: unknown) => (isObject(part) && typeof part["text"] === "string" ? part["text"] : ""))
    .join("\n");
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The user's words after the last message that is a tool's result. */
export function saidSince(messages: readonly unknown[], isResult: (message: Fields) => boolean): readonly string[] {
  const from = messages.findLastIndex((message) => isObject(message) && isResult(message)) + 1;
  return messages
    .slice(from)
    .flatMap((message) => (isObject(message) && message["role"] === "user" ? [textOf(message["content"])] : []));
}

type Fields = Readonly<Record<string, unknown>>;

/** The longest text of a user message; the first of equals. */
export function longestUserText(messages: readonly unknown[]): string {
  const texts = messages.flatMap((message) =>
    isObject(message) && message["role"] === "user" ? [textOf(message["content"])] : [],
  );
  return texts.reduce((longest, text) => (text.length > longest.length ? text : longest), "");
}
