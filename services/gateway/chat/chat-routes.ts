/** Everything that speaks as a provider: chat in both dialects, and the models that can be named in it. */
import { anthropicDialect } from "../anthropic/anthropic-dialect.ts";
import { openaiDialect } from "../openai/openai-dialect.ts";
import type { GatewayRoute } from "../route.ts";
import { chatRoute, type ChatParts } from "./chat-route.ts";
import { modelsRoutes } from "../models/models-routes.ts";

export function chatRoutes(parts: ChatParts): readonly GatewayRoute[] {
  return [chatRoute(openaiDialect, parts), chatRoute(anthropicDialect, parts), ...modelsRoutes(parts.harnesses)];
}
