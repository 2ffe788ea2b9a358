/**
 * Tools by OpenAI's chat completions: what a request offers, whether its calls
 * and results belong together as the real API demands, and how an answer's calls
 * are written, whole and in deltas.
 */
import type { ToolCall } from "../answers/tool-calls.ts";
import { type AskedTools, isObject, listOf, piecesOf, saidSince, textOf } from "../ask.ts";

type Fields = Readonly<Record<string, unknown>>;

export type ReadTools =
  | { readonly kind: "tools"; readonly tools: AskedTools | null }
  | { readonly kind: "invalid"; readonly message: string };

function invalid(message: string): ReadTools {
  return { kind: "invalid", message };
}

export function readTools(body: Fields, messages: readonly unknown[]): ReadTools {
  const wrong = wrongTurn(messages);
  if (wrong !== null) return invalid(wrong);
  const { tools: given, tool_choice: choice } = body;
  if (given === undefined) {
    const alone = ["tool_choice", "parallel_tool_calls"].find((name) => body[name] !== undefined);
    if (alone !== undefined) return invalid(`'${alone}' is only allowed when 'tools' are specified.`);
    return { kind: "tools", tools: null };
  }
  if (!Array.isArray(given) || given.length === 0 || given.length > 128) return invalid("Invalid 'tools'.");
  const functions = given.map((tool: unknown) =>
    isObject(tool) && isObject(tool["function"]) ? tool["function"] : {},
  );
  if (!functions.every(({ name }) => typeof name === "string" && /^[a-zA-Z0-9_-]{1,64}$/.test(name)))
    return invalid("Invalid 'tools[0].function.name'.");
  const offered = functions.map(({ name, parameters }) => ({
    name: String(name),
    parameters: isObject(parameters) ? parameters : {},
  }));
  const chosen = choiceOf(choice);
  if (chosen === null || (typeof chosen === "object" && !offered.some(({ name }) => name === chosen.name)))
    return invalid("Invalid value for 'tool_choice'.");
  const said = saidSince(messages, (message) => message["role"] === "tool");
  return { kind: "tools", tools: { offered, choice: chosen, parallel: body["parallel_tool_calls"] !== false, said } };
}

function choiceOf(choice: unknown): AskedTools["choice"] | null {
  if (choice === undefined) return "auto";
  if (choice === "auto" || choice === "none" || choice === "required") return choice;
  const named = isObject(choice) && isObject(choice["function"]) ? choice["function"]["name"] : undefined;
  return typeof named === "string" ? { name: named } : null;
}

/** Every call is answered at once by its id, and nothing is answered that was not called. */
function wrongTurn(messages: readonly unknown[]): string | null {
  let open = new Set<unknown>();
  for (const message of messages) {
    const fields = isObject(message) ? message : {};
    const id = fields["tool_call_id"];
    if (fields["role"] === "tool") {
      if (!open.delete(id))
        return "messages with role 'tool' must be a response to a preceding message with 'tool_calls'.";
    } else if (open.size > 0) return unanswered;
    else open = new Set(listOf(fields["tool_calls"]).map((call) => (isObject(call) ? call["id"] : undefined)));
  }
  return open.size > 0 ? unanswered : null;
}

const unanswered =
  "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'.";

/** A message's own words, and the calls in it. */
export function wordsOf(message: unknown): string {
  if (!isObject(message)) return "";
  const calls = listOf(message["tool_calls"]).map((call) =>
    isObject(call) && isObject(call["function"]) ? String(call["function"]["arguments"]) : "",
  );
  return [textOf(message["content"]), ...calls].join("\n");
}

/** With the ids of this answer. */
export function writtenCalls(calls: readonly ToolCall[], id: string) {
  return calls.map(({ name, arguments: text }, index) => ({
    id: `call_${id.replaceAll("-", "").slice(0, 22)}${String(index).padStart(2, "0")}`,
    type: "function",
    function: { name, arguments: text },
  }));
}

/** Each call's name first, then its arguments piece by piece. */
export function callDeltas(calls: ReturnType<typeof writtenCalls>): readonly object[] {
  return calls.flatMap((call, index) => [
    { tool_calls: [{ index, ...call, function: { name: call.function.name, arguments: "" } }] },
    ...piecesOf(call.function.arguments).map((piece) => ({
      tool_calls: [{ index, function: { arguments: piece } }],
    })),
  ]);
}
