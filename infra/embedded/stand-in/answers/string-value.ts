/**
 * A string for a place in a JSON answer: by its format, its pattern, its label
 * in the text, or the sort of thing its name says; then held to its lengths.
 */
import { createHash } from "node:crypto";
import { dateIn, documentIn, labelled, leadOf, sentencesOf, wordsOf } from "./facts.ts";
import { patternValue } from "./pattern-value.ts";

export interface StringPlace {
  readonly name: string;
  readonly text: string;
  readonly row: object | null;
}

type Schema = Readonly<Record<string, unknown>>;

const someDay = "2026-01-01";

export function stringFor(schema: Schema, at: StringPlace): string {
  const byFormat = formatted(schema["format"], at);
  if (byFormat !== undefined) return byFormat;
  const said = labelled(at.text, at.name);
  if (typeof schema["pattern"] === "string") return patternValue(schema["pattern"], said, at.text);
  return fitted(said ?? named(at), schema);
}

function formatted(format: unknown, { name, text }: StringPlace): string | undefined {
  const said = labelled(text, name) ?? "";
  const date = dateIn(said) ?? dateIn(text) ?? someDay;
  switch (format) {
    case "date":
      return date;
    case "date-time":
      return `${date}T00:00:00Z`;
    case "time":
      return "00:00:00Z";
    case "email":
      return /[\w.+-]+@[\w-]+\.[\w.-]*\w/.exec(text)?.[0] ?? "someone@example.com";
    case "uri":
    case "url":
      return /https?:\/\/[^\s<>"')]+/.exec(text)?.[0] ?? "https://example.com/";
    case "uuid":
      return uuidOf(text);
    default:
      return undefined;
  }
}

/** A UUID of version 8 that only the text decides. */
function uuidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function named({ name, text, row }: StringPlace): string {
  const words = wordsOf(name);
  const has = (...any: readonly string[]): boolean => any.some((word) => words.includes(word));
  if (has("currency")) return currencyIn(text);
  if (has("date", "day")) return dateIn(text) ?? someDay;
  if (row !== null) return leadOf(text);
  const document = documentIn(text);
  if (has("summary", "description", "text", "answer", "abstract", "reason", "explanation"))
    return sentencesOf(document, 2).join(" ") || firstLine(document);
  return firstLine(document);
}

function currencyIn(text: string): string {
  const code = /\b(?:USD|EUR|GBP|CHF|JPY|CAD|AUD|SEK|NOK|DKK|PLN|INR)\b/.exec(text)?.[0];
  if (code !== undefined) return code;
  if (text.includes("€")) return "EUR";
  return text.includes("£") ? "GBP" : "USD";
}

/** The first line that says something, at most 80 characters of it. */
export function firstLine(text: string): string {
  const line = text.split("\n").find((one) => one.trim() !== "") ?? "unknown";
  return line.replace(/\s+/g, " ").trim().slice(0, 80).trim();
}

/** Cut or filled up to the lengths that the schema sets; JSON Schema counts characters as code points. */
export function fitted(text: string, schema: Schema): string {
  const characters = Array.from(text);
  const cut = characters.slice(0, Number(schema["maxLength"] ?? Infinity)).join("");
  return cut + ".".repeat(Math.max(0, Number(schema["minLength"] ?? 0) - characters.length));
}
