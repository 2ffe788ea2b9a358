/** A JSON value with every string in it changed; keys stay. */
import type { JsonValue } from "./json-value.ts";

type Change = (text: string) => string;

export function mapStrings(value: JsonValue, change: Change): JsonValue {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change));
  return typeof value === "object" && value !== null ? mapMembers(value, change) : value;
}

export function mapMembers(members: Readonly<Record<string, JsonValue>>, change: Change): Record<string, JsonValue> {
  return Object.fromEntries(Object.entries(members).map(([key, inner]) => [key, mapStrings(inner, change)]));
}
