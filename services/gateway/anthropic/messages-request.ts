/**
 * Reads the body of POST /v1/messages as Anthropic's API defines it. What
 * changes nothing of the answer is let through without effect; what would
 * change it or its price, and cannot be had, is refused by its name. A tool's
 * result that is an error says so in its text, as no other field carries it. Pure.
 */
import { z } from "zod";
import { callOptions } from "../../../schemas/parts/call-options.ts";
import type { Message } from "../../../schemas/parts/content.ts";
import { tool, toolCall, type ToolChoice } from "../../../schemas/parts/tools.ts";
import {
  emptyIsAbsent,
  fixed,
  ignored,
  orNull,
  present,
  refuseOthers,
  stopTexts,
  textOrList,
  textParts,
  unlessDefault,
} from "../chat/request/body-fields.ts";
import type { Conversation, RightNeeded } from "../chat/request/conversation.ts";

const textBlock = z.looseObject({ type: z.literal("text"), text: z.string() });
const useBlock = z.looseObject({
  type: z.literal("tool_use"),
  id: toolCall.shape.id,
  name: toolCall.shape.name,
  input: toolCall.shape.arguments,
});
const resultBlock = z.looseObject({
  type: z.literal("tool_result"),
  tool_use_id: toolCall.shape.id,
  content: orNull(textParts),
  is_error: orNull(z.boolean()),
});

/** Blocks of a turn; a text stands for one block. */
function blocks<Block extends z.ZodType>(block: Block) {
  return z
    .preprocess(
      (content) => (typeof content === "string" ? [{ type: "text", text: content }] : content),
      z.array(block, "content must be a text or a list of blocks"),
    )
    .meta(textOrList);
}

const usersBlock = z.discriminatedUnion("type", [textBlock, resultBlock], "a user's block must be text or tool_result");
const assistantsBlock = z.discriminatedUnion(
  "type",
  [textBlock, useBlock],
  "an assistant's block must be text or tool_use",
);

const turn = z.discriminatedUnion(
  "role",
  [
    z.looseObject({ role: z.literal("user"), content: blocks(usersBlock) }),
    z.looseObject({ role: z.literal("assistant"), content: blocks(assistantsBlock) }),
    z.looseObject({ role: z.literal("system"), content: textParts }),
  ],
  "role must be user, assistant or system",
);

const offeredTool = z.looseObject({
  type: orNull(z.literal("custom", "tools that run on a server are not taken")),
  name: tool.shape.name,
  description: orNull(tool.shape.description),
  input_schema: tool.shape.parameters.unwrap(),
});

const parallel = { disable_parallel_tool_use: orNull(z.boolean()) };
const choice = z.discriminatedUnion(
  "type",
  [
    z.looseObject({ type: z.enum(["auto", "any"]), ...parallel }),
    z.looseObject({ type: z.literal("tool"), name: tool.shape.name, ...parallel }),
    z.looseObject({ type: z.literal("none") }),
  ],
  "tool_choice.type must be auto, any, tool or none",
);

const format = orNull(
  z.looseObject({ type: z.literal("json_schema"), schema: callOptions.shape.output_schema.unwrap() }),
);
const outputConfig = z.looseObject({ effort: fixed(), format });

const fields = {
  model: z.string().min(1).max(128).describe("Name of a harness, or name@version"),
  messages: z.array(turn).min(1),
  max_tokens: callOptions.shape.max_output_tokens.unwrap(),
  system: orNull(textParts),
  stream: orNull(z.boolean()),
  temperature: unlessDefault(callOptions.shape.temperature, 1),
  top_p: unlessDefault(callOptions.shape.top_p, 1),
  stop_sequences: orNull(stopTexts),
  tools: orNull(z.array(offeredTool).max(128)),
  tool_choice: orNull(choice),
  output_config: orNull(outputConfig),
  output_format: format,
  top_k: fixed(),
  thinking: fixed({ type: "disabled" }),
  container: fixed(),
  mcp_servers: fixed([]),
  context_management: fixed(),
  inference_geo: fixed(),
  speed: fixed("standard"),
  metadata: ignored,
  service_tier: ignored,
  cache_control: ignored,
  diagnostics: ignored,
  thread: orNull(z.looseObject({})),
};

const body = z.looseObject(fields).superRefine(refuseOthers(fields));
type Body = z.output<typeof body>;

export const messagesRequest = body.transform(conversationOf).meta({ additionalProperties: false });

/** The SDK's tool runner asks for a thread by default, and sends the whole conversation after this. */
const noThreads = {
  code: "thread_unsupported_request",
  param: "thread",
  message: "no conversation is kept here: send all of it, without thread",
};

function conversationOf(asked: Body): Conversation {
  const { system, messages } = asked;
  return {
    model: asked.model,
    turns: [
      ...(system === undefined || system === "" ? [] : [{ role: "system", content: system } as const]),
      ...messages.flatMap(turnsOf),
    ],
    options: present({
      ...toolOptions(asked),
      output_schema: formatOf(asked)?.schema,
      max_output_tokens: asked.max_tokens,
      temperature: asked.temperature,
      top_p: asked.top_p,
      stop: emptyIsAbsent(asked.stop_sequences),
    }),
    needs: needsOf(asked),
    ...(asked.thread === undefined ? {} : { unsupported: noThreads }),
    stream: asked.stream === true,
    streamUsage: true,
  };
}

function turnsOf(written: z.output<typeof turn>): Message[] {
  switch (written.role) {
    case "system":
      return [{ role: "system", content: written.content }];
    case "assistant": {
      const text = written.content.flatMap((block) => (block.type === "text" ? [block.text] : []));
      const calls = written.content.flatMap((block) =>
        block.type === "tool_use" ? [{ id: block.id, name: block.name, arguments: block.input }] : [],
      );
      return [{ role: "assistant", content: text.join("\n"), ...(calls.length === 0 ? {} : { tool_calls: calls }) }];
    }
    case "user":
      return usersTurns(written.content);
  }
}

/** A turn of text is one of ours, and so is each tool's result; the order stays. */
function usersTurns(content: readonly z.output<typeof usersBlock>[]): Message[] {
  const turns: Message[] = [];
  let texts: string[] = [];
  const flush = (): void => {
    if (texts.length > 0) turns.push({ role: "user", content: texts.join("\n") });
    texts = [];
  };
  for (const block of content) {
    if (block.type === "text") {
      texts.push(block.text);
      continue;
    }
    flush();
    const told = block.content ?? "";
    turns.push({
      role: "tool",
      content: block.is_error === true ? `Error: ${told}` : told,
      tool_call_id: block.tool_use_id,
    });
  }
  flush();
  return turns;
}

/** Without tools there is nothing to choose. */
function toolOptions({ tools, tool_choice: chosen }: Body) {
  const offered = emptyIsAbsent(tools)?.map(({ name, description, input_schema: parameters }) => ({
    name,
    ...present({ description }),
    parameters,
  }));
  if (offered === undefined) return {};
  const isSerial = chosen !== undefined && chosen.type !== "none" && chosen.disable_parallel_tool_use === true;
  return {
    tools: offered,
    tool_choice: chosen === undefined ? undefined : choiceOf(chosen),
    parallel_tool_calls: isSerial ? false : undefined,
  };
}

function choiceOf(chosen: z.output<typeof choice>): ToolChoice {
  switch (chosen.type) {
    case "any":
      return "required";
    case "tool":
      return { name: chosen.name };
    case "auto":
    case "none":
      return chosen.type;
  }
}

/** The SDK's beta still knows it by its older name. */
function formatOf({ output_config: config, output_format: older }: Body) {
  return config?.format ?? older;
}

function needsOf(asked: Body): RightNeeded[] {
  const { system, messages, tools } = asked;
  const instructions = messages.findIndex(({ role }) => role === "system");
  const needed: readonly [RightNeeded["right"], string, boolean][] = [
    ["instructions", "system", system !== undefined && system !== ""],
    ["instructions", `messages.${instructions}`, instructions >= 0],
    ["tools", "tools", emptyIsAbsent(tools) !== undefined],
    ["outputSchema", "output_config.format", formatOf(asked) !== undefined],
    ["sampling", "temperature", asked.temperature !== undefined],
    ["sampling", "top_p", asked.top_p !== undefined],
    ["sampling", "stop_sequences", emptyIsAbsent(asked.stop_sequences) !== undefined],
  ];
  return needed.filter(([, , is]) => is).map(([right, param]) => ({ right, param }));
}
