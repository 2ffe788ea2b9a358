/** What a provider's way of speaking is: how its requests are read, its answers, streams and errors written. */
import type { z } from "zod";
import type { ErrorShape } from "../route.ts";
import type { Conversation } from "./request/conversation.ts";
import type { ChatAnswer } from "./answer/outcome.ts";

export interface ChatDialect {
  readonly name: "openai" | "anthropic";
  readonly url: string;
  readonly summary: string;
  readonly request: z.ZodType<Conversation>;
  /** The shape of `answer`. */
  readonly document: z.ZodType;
  readonly answer: (answer: ChatAnswer) => object;
  /** An answer as server-sent events. */
  readonly events: (answer: ChatAnswer, asked: Conversation) => Iterable<string>;
  readonly error: ErrorShape;
  /** An error within a stream, from its body. */
  readonly errorEvent: (body: object) => string;
  /** What a stream says while there is nothing to say. */
  readonly keepAlive: string;
}
