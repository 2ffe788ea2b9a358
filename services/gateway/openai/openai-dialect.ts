/** OpenAI's chat completions: the unmodified SDK needs a base URL that ends in /v1 and a key. */
import type { ChatDialect } from "../chat/chat-dialect.ts";
import { chatDocument } from "./chat-document.ts";
import { chatChunks, chatCompletion, openaiError } from "./chat-answer.ts";
import { chatRequest } from "./chat-request.ts";

export const openaiDialect: ChatDialect = {
  name: "openai",
  url: "/v1/chat/completions",
  summary: "Run a harness as OpenAI's chat completions",
  request: chatRequest,
  document: chatDocument,
  answer: chatCompletion,
  events: chatChunks,
  error: openaiError,
  errorEvent: (body) => `data: ${JSON.stringify(body)}\n\n`,
  keepAlive: ": waiting\n\n",
};
