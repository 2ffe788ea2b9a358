/**
 * The texts of an answer that guards read: all of a text, each string and each
 * number of a JSON value. `field` names the place as findings do: `answer`, or
 * `tool_calls/0/arguments`, and a JSON pointer behind it.
 */
import type { ToolCall } from "../../../schemas/parts/tools.ts";
import type { JsonValue } from "./json-value.ts";

/** What an answer says: its output, and the tools that it calls. */
export interface Said {
  readonly output: JsonValue;
  readonly calls: readonly ToolCall[];
}

export interface AnswerText {
  readonly field: string;
  readonly text: string;
}

export function answerTexts(value: JsonValue, field = "answer"): readonly AnswerText[] {
  if (typeof value === "string") return [{ field, text: value }];
  if (typeof value === "number") return [{ field, text: String(value) }];
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.entries(value).map(([name, part]): [string, JsonValue] => [pointerPart(name), part]);
  return inner.flatMap(([name, part]) => answerTexts(part, `${field}/${name}`));
}

/** Of what tools are called with. */
export function callTexts(calls: readonly ToolCall[]): readonly AnswerText[] {
  return calls.flatMap((call, index) => answerTexts(call.arguments, `tool_calls/${index}/arguments`));
}

function pointerPart(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
