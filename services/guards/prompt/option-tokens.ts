/**
 * What a prompt costs beside its messages' words, in tokens of one provider:
 * the tools and the output's schema that a caller sends along, and the calls of
 * tools that stand in the conversation. An estimate of their JSON: OpenAI writes
 * tools into the prompt as declarations without quotes, which is shorter still,
 * so that it errs high like every estimate here (its test has true counts).
 */
import type { CallOptions } from "../../../schemas/parts/call-options.ts";
import type { ProviderName } from "../../../schemas/parts/codes.ts";
import type { Message } from "../../../schemas/parts/content.ts";
import { estimateTokens } from "../tokens/estimate.ts";

/** OpenAI's words around a list of tools, and around each of them. */
const openaiFrame = { list: 16, tool: 8 } as const;
/** Anthropic puts up to 530 tokens of its own before them (the highest in its price list, Claude 3 Opus); others less. */
const otherFrame = { list: 530, tool: 8 } as const;
/** Around a call: its delimiters and its recipient. Measured at OpenAI: 25 with the result's message, and 24 once where there are several. */
const tokensPerCall = 12;
const tokensForSeveral = 24;

/** Of the tools and the schema in a request's options; 0 when it has neither. Linear in their length. */
export function optionTokens(options: CallOptions | undefined, provider: ProviderName): number {
  const { tools = [], output_schema: schema } = options ?? {};
  if (tools.length === 0 && schema === undefined) return 0;
  const frame = provider === "openai" ? openaiFrame : otherFrame;
  const written = [...tools, ...(schema === undefined ? [] : [schema])];
  const words = written.reduce((sum, part) => sum + estimateTokens(jsonOf(part, provider), provider), 0);
  return frame.list + tools.length * frame.tool + words;
}

function jsonOf(part: object, provider: ProviderName): string {
  const json = JSON.stringify(part);
  return provider === "openai" ? json.replaceAll('"', "") : json;
}

/** Of the calls of tools in a conversation. */
export function toolCallTokens(messages: readonly Message[], provider: ProviderName): number {
  return messages.reduce((sum, { tool_calls: calls = [] }) => {
    const words = calls.reduce((own, call) => own + estimateTokens(callText(call), provider) + tokensPerCall, 0);
    return sum + words + (calls.length > 1 ? tokensForSeveral : 0);
  }, 0);
}

function callText({ name, arguments: given }: NonNullable<Message["tool_calls"]>[number]): string {
  return `${name} ${JSON.stringify(given)}`;
}
