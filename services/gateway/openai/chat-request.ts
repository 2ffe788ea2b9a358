/**
 * Reads the body of POST /v1/chat/completions as OpenAI's API defines it. What
 * changes nothing of the answer is let through without effect; what would
 * change it or its price, and cannot be had, is refused by its name. Pure.
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

/** Arguments travel as JSON in a text; ours is an object. */
const objectText = z
  .string()
  .transform((text, context): unknown => {
    try {
      return text === "" ? {} : JSON.parse(text);
    } catch {
      context.addIssue("arguments must be a JSON object, as text");
      return z.NEVER;
    }
  })
  .pipe(toolCall.shape.arguments);

const writtenCall = z.looseObject({
  id: toolCall.shape.id,
  type: z.literal("function", "only calls of functions are taken").optional(),
  function: z.looseObject({ name: toolCall.shape.name, arguments: objectText }),
});

const turn = z.discriminatedUnion(
  "role",
  [
    z.looseObject({ role: z.enum(["system", "developer"]), content: textParts }),
    z.looseObject({ role: z.literal("user"), content: textParts }),
    z.looseObject({
      role: z.literal("assistant"),
      content: orNull(textParts),
      tool_calls: orNull(z.array(writtenCall)),
      function_call: fixed(),
      audio: fixed(),
    }),
    z.looseObject({ role: z.literal("tool"), content: textParts, tool_call_id: toolCall.shape.id }),
  ],
  "role must be system, developer, user, assistant or tool",
);

const offeredTool = z.looseObject({
  type: z.literal("function", "only tools of type function are taken"),
  function: z.looseObject({
    name: tool.shape.name,
    description: orNull(tool.shape.description),
    parameters: orNull(tool.shape.parameters),
  }),
});

const namedTool = z.looseObject({ type: z.literal("function"), function: z.looseObject({ name: tool.shape.name }) });
const choice = z.union([z.enum(["auto", "none", "required"]), namedTool], {
  error: "tool_choice must be auto, none, required or {type: function, function: {name}}",
});

const format = z.discriminatedUnion(
  "type",
  [
    z.looseObject({ type: z.literal("text") }),
    z.looseObject({ type: z.literal("json_object") }),
    z.looseObject({
      type: z.literal("json_schema"),
      json_schema: z.looseObject({ schema: callOptions.shape.output_schema.unwrap() }),
    }),
  ],
  "response_format.type must be text, json_object or json_schema",
);

const stop = z.preprocess((value) => (typeof value === "string" ? [value] : value), stopTexts).meta(textOrList);
const outputTokens = callOptions.shape.max_output_tokens;

const fields = {
  model: z.string().min(1).max(128).describe("Name of a harness, or name@version"),
  messages: z.array(turn).min(1),
  stream: orNull(z.boolean()),
  stream_options: orNull(z.looseObject({ include_usage: orNull(z.boolean()) })),
  max_tokens: orNull(outputTokens),
  max_completion_tokens: orNull(outputTokens),
  temperature: unlessDefault(callOptions.shape.temperature, 1),
  top_p: unlessDefault(callOptions.shape.top_p, 1),
  stop: orNull(stop),
  tools: orNull(z.array(offeredTool).max(128)),
  tool_choice: orNull(choice),
  parallel_tool_calls: orNull(z.boolean()),
  response_format: orNull(format),
  n: fixed(1),
  logprobs: fixed(false),
  top_logprobs: fixed(0),
  logit_bias: fixed({}),
  frequency_penalty: fixed(0),
  presence_penalty: fixed(0),
  modalities: fixed(["text"]),
  audio: fixed(),
  prediction: fixed(),
  web_search_options: fixed(),
  reasoning_effort: fixed(),
  verbosity: fixed("medium"),
  moderation: fixed(),
  functions: fixed([]),
  function_call: fixed(),
  store: fixed(false),
  user: ignored,
  metadata: ignored,
  seed: ignored,
  service_tier: ignored,
  safety_identifier: ignored,
  prompt_cache_key: ignored,
  prompt_cache_options: ignored,
  prompt_cache_retention: ignored,
};

const body = z.looseObject(fields).superRefine(refuseOthers(fields));
type Body = z.output<typeof body>;

export const chatRequest = body.transform(conversationOf).meta({ additionalProperties: false });

function conversationOf(asked: Body): Conversation {
  const schema = asked.response_format?.type === "json_schema" ? asked.response_format.json_schema.schema : undefined;
  return {
    model: asked.model,
    turns: asked.messages.map(turnOf),
    options: present({
      ...toolOptions(asked),
      output_schema: schema,
      max_output_tokens: asked.max_completion_tokens ?? asked.max_tokens,
      temperature: asked.temperature,
      top_p: asked.top_p,
      stop: emptyIsAbsent(asked.stop),
    }),
    needs: needsOf(asked),
    ...(asked.response_format?.type === "json_object" ? { anyJson: "response_format" } : {}),
    stream: asked.stream === true,
    streamUsage: asked.stream_options?.include_usage === true,
  };
}

function turnOf(written: z.output<typeof turn>): Message {
  switch (written.role) {
    case "system":
    case "developer":
      return { role: "system", content: written.content };
    case "user":
      return { role: "user", content: written.content };
    case "tool":
      return { role: "tool", content: written.content, tool_call_id: written.tool_call_id };
    case "assistant": {
      const calls = emptyIsAbsent(written.tool_calls)?.map(({ id, function: { name, arguments: given } }) => ({
        id,
        name,
        arguments: given,
      }));
      return {
        role: "assistant",
        content: written.content ?? "",
        ...(calls === undefined ? {} : { tool_calls: calls }),
      };
    }
  }
}

/** Without tools there is nothing to choose, and some clients always send how. */
function toolOptions({ tools, tool_choice: chosen, parallel_tool_calls: parallel }: Body) {
  const offered = emptyIsAbsent(tools)?.map(({ function: { name, description, parameters } }) => ({
    name,
    ...present({ description, parameters }),
  }));
  if (offered === undefined) return {};
  return {
    tools: offered,
    tool_choice: chosen === undefined ? undefined : choiceOf(chosen),
    parallel_tool_calls: parallel,
  };
}

function choiceOf(chosen: z.output<typeof choice>): ToolChoice {
  return typeof chosen === "string" ? chosen : { name: chosen.function.name };
}

function needsOf({ messages, tools, temperature, top_p: topP, stop: ends, response_format: as }: Body): RightNeeded[] {
  const instructions = messages.findIndex(({ role }) => role === "system" || role === "developer");
  const asked: readonly [RightNeeded["right"], string, boolean][] = [
    ["instructions", `messages.${instructions}`, instructions >= 0],
    ["tools", "tools", emptyIsAbsent(tools) !== undefined],
    ["outputSchema", "response_format", as?.type === "json_schema"],
    ["sampling", "temperature", temperature !== undefined],
    ["sampling", "top_p", topP !== undefined],
    ["sampling", "stop", emptyIsAbsent(ends) !== undefined],
  ];
  return asked.filter(([, , is]) => is).map(([right, param]) => ({ right, param }));
}
