/** Anthropic's messages: the unmodified SDK needs a base URL without /v1 and a key. */
import type { ChatDialect } from "../chat/chat-dialect.ts";
import { messageDocument } from "./message-document.ts";
import { anthropicError, messageEvents, messageOf } from "./message-answer.ts";
import { messagesRequest } from "./messages-request.ts";

export const anthropicDialect: ChatDialect = {
  name: "anthropic",
  url: "/v1/messages",
  summary: "Run a harness as Anthropic's messages",
  request: messagesRequest,
  document: messageDocument,
  answer: messageOf,
  events: messageEvents,
  error: anthropicError,
  errorEvent: (body) => `event: error\ndata: ${JSON.stringify(body)}\n\n`,
  keepAlive: 'event: ping\ndata: {"type":"ping"}\n\n',
};
