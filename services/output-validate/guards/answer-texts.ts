/**
 * The texts of an output that guards read: all of a text, each string and each
 * number of a JSON value. `field` names the place as findings do: `answer`, and
 * a JSON pointer behind it.
 */
import type { JsonValue } from "../rules/json-value.ts";

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

function pointerPart(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
