/**
 * Parses JSON strictly and says what a parser keeps quiet about: nesting that
 * would break whoever reads the value next, numbers that JavaScript cannot hold
 * as they were written, keys given twice. Never throws.
 */
import type { JsonContent } from "../../../schemas/parts/content.ts";

export type JsonValue = Extract<JsonContent, { plain: unknown }>["plain"];

export type JsonDefect = "json_malformed" | "json_too_deep" | "json_number_inexact" | "json_duplicate_key";

export type ParsedJson =
  | { readonly kind: "value"; readonly value: JsonValue; readonly duplicateKeys: boolean }
  | { readonly kind: "defect"; readonly defect: Exclude<JsonDefect, "json_duplicate_key"> };

/** Deepest nesting accepted: far beyond any contract, far below what breaks a recursive reader. */
export const maxJsonDepth = 128;

export function parseJson(text: string): ParsedJson {
  const value = parseOrUndefined(text);
  if (value === undefined) return { kind: "defect", defect: "json_malformed" };
  const shape = shapeOf(value);
  if (shape.depth > maxJsonDepth) return { kind: "defect", defect: "json_too_deep" };
  if (!shape.finite || !isJsonValue(value) || alteredInteger(text)) {
    return { kind: "defect", defect: "json_number_inexact" };
  }
  return { kind: "value", value, duplicateKeys: shape.members < colonsOutsideStrings(text) };
}

/** JSON has no undefined, so it stands for malformed text. */
function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface Shape {
  readonly depth: number;
  readonly members: number;
  readonly finite: boolean;
}

/** Walks with a stack of its own: hostile nesting must not exhaust the engine's. */
function shapeOf(root: unknown): Shape {
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value: root, depth: 0 }];
  let depth = 0;
  let members = 0;
  let finite = true;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    depth = Math.max(depth, next.depth);
    if (typeof next.value === "number") finite &&= Number.isFinite(next.value);
    if (typeof next.value !== "object" || next.value === null) continue;
    const inner = Object.values(next.value);
    if (!Array.isArray(next.value)) members += inner.length;
    for (const value of inner) open.push({ value, depth: next.depth + 1 });
  }
  return { depth, members, finite };
}

/** Recursive; call it only on a value whose depth is known to be bounded. */
function isJsonValue(value: unknown): value is JsonValue {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  return typeof value === "object" && Object.values(value).every(isJsonValue);
}

/** Whether the text writes an integer that a double changes: an order number of 20 digits, for example. */
function alteredInteger(text: string): boolean {
  if (!/\d{16}/.test(text)) return false;
  let altered = false;
  JSON.parse(text, (_key, value: unknown, context?: { readonly source?: string }) => {
    const source = context?.source;
    if (typeof value === "number" && source !== undefined && /^-?\d{16,}$/.test(source)) {
      altered ||= source !== String(value) && BigInt(source) !== BigInt(value);
    }
    return value;
  });
  return altered;
}

/** In strict JSON each colon outside strings is one member. */
function colonsOutsideStrings(text: string): number {
  let colons = 0;
  for (let index = 0; index < text.length; index++) {
    const char = text[index];
    if (char === ":") colons++;
    if (char !== '"') continue;
    for (index++; index < text.length && text[index] !== '"'; index++) if (text[index] === "\\") index++;
  }
  return colons;
}
