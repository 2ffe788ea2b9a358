/** A JSON value with every string in it changed, and every key where that is wanted; of keys that become one the last stays. */
import type { JsonValue } from "./json-value.ts";

type Change = (text: string) => string;

export function mapStrings(value: JsonValue, change: Change, changeKey: Change = asItIs): JsonValue {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change, changeKey));
  return typeof value === "object" && value !== null ? mapMembers(value, change, changeKey) : value;
}

export function mapMembers(
  members: Readonly<Record<string, JsonValue>>,
  change: Change,
  changeKey: Change = asItIs,
): Record<string, JsonValue> {
  const changed = Object.entries(members).map(([key, inner]) => [changeKey(key), mapStrings(inner, change, changeKey)]);
  return Object.fromEntries(changed);
}

function asItIs(text: string): string {
  return text;
}
