/**
 * Puts a streamed answer together again: from the text of its server-sent
 * events to the body that the provider would have sent whole, so that one
 * reader serves both. An error event, a body that ends before its stream does,
 * and an event that is not JSON are failures, each of its own kind.
 */
import type { FailureFacts } from "../outcome.ts";
import { eventsOf, type Fields, fieldsOf, firstOf } from "./read-events.ts";
import { joinToolCalls } from "./tool-call-deltas.ts";

export type Assembled =
  | { readonly kind: "body"; readonly body: unknown }
  | { readonly kind: "failed"; readonly facts: FailureFacts };

/** OpenAI's chat completion chunks. */
export function assembleCompletion(stream: string): Assembled {
  const read = eventsOf(stream);
  if (read.kind === "failed") return read;
  const content: string[] = [];
  const refusal: string[] = [];
  const calls: unknown[] = [];
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
    if (Array.isArray(delta["tool_calls"])) calls.push(...delta["tool_calls"]);
    finishReason = choice["finish_reason"] ?? finishReason;
  }
  if (!read.done && finishReason === null) return cut;
  const message = {
    content: content.join(""),
    refusal: refusal.length === 0 ? null : refusal.join(""),
    tool_calls: joinToolCalls(calls),
  };
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
  return { kind: "body", body: { ...message, content: blocks.map(contentOf) } };
}

const cut: Assembled = { kind: "failed", facts: { kind: "connection", errno: "stream_cut" } };

function streamError(event: Fields): Assembled {
  const error = fieldsOf(event["error"]);
  const { type, code } = error;
  const facts = { kind: "status", status: 500, type, code, headers: undefined } as const;
  return { kind: "failed", facts };
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

/** A tool's input stays as it was written: it may be no JSON, or be cut off. */
function contentOf({ block, text, json }: Block): Fields {
  return block["type"] === "tool_use" ? { ...block, written: json.join("") } : { ...block, text: text.join("") };
}

/** The answer's text as far as it is here, of either dialect: no event has to be the last, and half a one is left out. */
export function textPieces(stream: string): string[] {
  const whole = stream.slice(0, Math.max(stream.lastIndexOf("\n\n"), stream.lastIndexOf("\r\n\r\n"), 0));
  const read = eventsOf(whole);
  if (read.kind === "failed") return [];
  return read.events.flatMap((event) => {
    const delta = { ...fieldsOf(firstOf(event["choices"])["delta"]), ...fieldsOf(event["delta"]) };
    const words = [delta["content"], delta["refusal"], delta["text"], delta["partial_json"], delta["thinking"]];
    return [...words, ...calledIn(delta), fieldsOf(event["content_block"])["name"]]
      .filter((word) => typeof word === "string" && word !== "")
      .map(String);
  });
}

/** Names and arguments of the functions that a chunk of OpenAI's calls. */
function calledIn({ tool_calls: calls }: Fields): unknown[] {
  if (!Array.isArray(calls)) return [];
  return calls.flatMap((call) => {
    const called = fieldsOf(fieldsOf(call)["function"]);
    return [called["name"], called["arguments"]];
  });
}
