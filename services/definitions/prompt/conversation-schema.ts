/**
 * The ready-made contract of a conversation, with the turns that a harness's
 * `callers` may send: as Zod for definitions in TypeScript, and by its name for
 * those in YAML, where it is put in when the definition is resolved. What no
 * schema can say (each result answers a call) is judged on each request.
 */
import { z } from "zod";
import type { CallerRights } from "../../../schemas/parts/call-options.ts";
import { toolCall } from "../../../schemas/parts/tools.ts";
import type { HarnessSpec } from "../harness-spec.ts";

type Turns = Partial<Pick<CallerRights, "instructions" | "tools">>;
type JsonObject = Record<string, z.core.util.JSONType>;

/** Stands for the schema of the field that prompt.messages names, in YAML and JSON. */
export const conversationRef = "breakwater:conversation";
const maxTurns = 2000;

/** Give it what `callers` permits: `conversation({ instructions: true, tools: true })`. */
export function conversation({ instructions = false, tools = false }: Turns = {}) {
  const roles = ["user", "assistant", ...(instructions ? ["system"] : []), ...(tools ? ["tool"] : [])];
  const turn = z.strictObject({
    role: z.enum(roles),
    content: z.string().describe("May be empty beside tool_calls"),
    ...(tools ? toolFields : {}),
  });
  return z.array(turn).min(1).max(maxTurns).describe("Oldest first; the last turn is the user's or a tool's result");
}

const toolFields = {
  tool_calls: z
    .array(z.strictObject({ ...toolCall.shape, arguments: z.record(z.string(), z.unknown()) }))
    .min(1)
    .max(128)
    .optional()
    .describe("What the assistant called"),
  tool_call_id: toolCall.shape.id.optional().describe("Of a turn of role tool: the call whose result it is"),
};

/** The input's schema, with the conversation's own in the place of its name. */
export function withConversation({ input, prompt, callers }: HarnessSpec): JsonObject {
  const { schema } = input;
  const fields = schema["properties"];
  const name = prompt.messages;
  if (name === undefined || !isObject(fields) || !Object.hasOwn(fields, name)) return schema;
  const field = fields[name];
  if (!isObject(field) || field["$ref"] !== conversationRef) return schema;
  return { ...schema, properties: { ...fields, [name]: conversationJson(callers) } };
}

function conversationJson(turns: Turns | undefined): JsonObject {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(conversation(turns), { io: "input" });
  return z.record(z.string(), z.json()).parse(JSON.parse(JSON.stringify(schema)));
}

function isObject(value: z.core.util.JSONType | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
