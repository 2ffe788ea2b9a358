/**
 * Puts a streamed answer together again: from the text of its server-sent
 * events to the body that the provider would have sent whole, so that one
 * reader serves both. An error event, a body that ends before its stream does,
 * and an event that is not JSON are failures, each of its own kind.
 */
import type { FailureFacts } from "../outcome.ts";

export type Assembled =
  | { readonly kind: "body"; readonly body: unknown }
  | { readonly kind: "failed"; readonly facts: FailureFacts };

type Fields = Readonly<Record<string, unknown>>;

/** OpenAI's chat completion chunks. */
export function assembleCompletion(stream: string): Assembled {
  const read = eventsOf(stream);
  if (read.kind === "failed") return read;
  const content: string[] = [];
  const refusal: string[] = [];
  let finishReason: unknown = null;
  let model: unknown;
  let usage: unknown;
  for (const event of read.events) {
    if ("error" in event) return streamError(event);
    // Azure's filter speaks in events of its own, before and after the tokens, that name no model.
    if (event["model"] !== "") model = event["model"] ?? model;
    usage = event["usage"] ?? usage;
    const choice = firstOf(event["choices"]);
    const delta = fieldsOf(choice["delta"]);
    if (typeof delta["content"] === "string") content.push(delta["content"]);
    if (typeof delta["refusal"] === "string") refusal.push(delta["refusal"]);
    finishReason = choice["finish_reason"] ?? finishReason;
  }
  if (!read.done && finishReason === null) return cut;
  const message = { content: content.join(""), refusal: refusal.length === 0 ? null : refusal.join("") };
  const choices = [{ finish_reason: finishReason, message }];
  return { kind: "body", body: { model, choices, ...(usage === undefined ? {} : { usage }) } };
}

/** Anthropic's message events. */
export function assembleMessage(stream: string): Assembled {
  const read = eventsOf(stream);
  if (read.kind === "failed") return read;
  const blocks: { readonly block: Fields; readonly text: string[]; readonly json: string[] }[] = [];
  let message: Fields = {};
  let ended = false;
  for (const event of read.events) {
    switch (event["type"]) {
      case "error":
        return streamError(event);
      case "message_start":
        message = fieldsOf(event["message"]);
        break;
      case "content_block_start":
        blocks.push({ block: fieldsOf(event["content_block"]), text: [], json: [] });
        break;
      case "content_block_delta": {
        const delta = fieldsOf(event["delta"]);
        if (typeof delta["text"] === "string") blocks.at(-1)?.text.push(delta["text"]);
        if (typeof delta["partial_json"] === "string") blocks.at(-1)?.json.push(delta["partial_json"]);
        break;
      }
      case "message_delta":
        message = { ...message, ...fieldsOf(event["delta"]), usage: usageOf(message, event) };
        break;
      case "message_stop":
        ended = true;
    }
  }
  if (!ended) return cut;
  const content = blocks.map(contentOf);
  if (content.includes(null)) return { kind: "failed", facts: { kind: "malformed", code: "tool_input_not_json" } };
  return { kind: "body", body: { ...message, content } };
}

/** The last word on each bucket wins: the start knows the input, the end the output. */
function usageOf(message: Fields, event: Fields): unknown {
  const known = fieldsOf(message["usage"]);
  const told = fieldsOf(event["usage"]);
  const merged = { ...known, ...told };
  return Object.keys(merged).length === 0 ? undefined : merged;
}

interface Block {
  readonly block: Fields;
  readonly text: readonly string[];
  readonly json: readonly string[];
}

function contentOf({ block, text, json }: Block): Fields | null {
  if (block["type"] !== "tool_use") return { ...block, text: text.join("") };
  const input = parsed(json.length === 0 ? "{}" : json.join(""));
  return input === undefined ? null : { ...block, input };
}

/** The answer's text as far as it is here, of either dialect: no event has to be the last, and half a one is left out. */
export function textPieces(stream: string): string[] {
  const whole = stream.slice(0, Math.max(stream.lastIndexOf("\n\n"), stream.lastIndexOf("\r\n\r\n"), 0));
  const read = eventsOf(whole);
  if (read.kind === "failed") return [];
  return read.events.flatMap((event) => {
    const delta = { ...fieldsOf(firstOf(event["choices"])["delta"]), ...fieldsOf(event["delta"]) };
    const words = [delta["content"], delta["refusal"], delta["text"], delta["partial_json"], delta["thinking"]];
    return words.filter((word) => typeof word === "string" && word !== "").map(String);
  });
}

type Read =
  | { readonly kind: "read"; readonly events: readonly Fields[]; readonly done: boolean }
  | { readonly kind: "failed"; readonly facts: FailureFacts };

const cut: Assembled = { kind: "failed", facts: { kind: "connection", errno: "stream_cut" } };

/** Events by the WHATWG's rules as far as the providers use them: `data` lines, a blank line between events. */
function eventsOf(stream: string): Read {
  const events: Fields[] = [];
  let done = false;
  for (const part of stream.split(/\r?\n\r?\n/)) {
    const data = part
      .split(/\r?\n/)
      .flatMap((line) => (line.startsWith("data:") ? [line.slice(5).trimStart()] : []))
      .join("\n");
    if (data === "") continue;
    if (data === "[DONE]") {
      done = true;
      continue;
    }
    const event = parsed(data);
    if (event === undefined) return { kind: "failed", facts: endsEarly(stream, part) };
    events.push(fieldsOf(event));
  }
  return { kind: "read", events, done };
}

/** Half an event at the very end: the connection was cut. Anywhere else it is the provider's. */
function endsEarly(stream: string, part: string): FailureFacts {
  if (stream.endsWith(part)) return { kind: "connection", errno: "stream_cut" };
  return { kind: "malformed", code: "event_not_json" };
}

function streamError(event: Fields): Assembled {
  const error = fieldsOf(event["error"]);
  const { type, code } = error;
  const facts = { kind: "status", status: 500, type, code, headers: undefined } as const;
  return { kind: "failed", facts };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function firstOf(value: unknown): Fields {
  return Array.isArray(value) ? fieldsOf(value[0]) : {};
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
