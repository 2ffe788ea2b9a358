/**
 * Values that keep a contract, drawn from a seed: the same on every machine.
 * Their texts hold what makes broken JSON hard to read: quotes, apostrophes,
 * brackets, colons, addresses, comment signs, line breaks, words like null.
 */
import { contracts, type JsonSchema } from "./contracts.ts";
import { seededRandom, type Random } from "../../pii/random.ts";

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

export interface Document {
  readonly schema: JsonSchema;
  readonly value: Json;
}

/** Each contract in turn. */
export function makeDocuments(count: number, seed: number): readonly Document[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const schema = contracts[index % contracts.length] ?? {};
    return { schema, value: valueOf(schema, random) };
  });
}

function valueOf(schema: unknown, random: Random): Json {
  if (!isObject(schema)) throw new Error("not a schema");
  const { type, enum: choices, anyOf } = schema;
  if (Array.isArray(choices)) return String(random.pick(choices));
  if (Array.isArray(anyOf)) return random.below(4) === 0 ? null : valueOf(anyOf[0], random);
  if (Array.isArray(type)) return random.below(4) === 0 ? null : valueOf({ ...schema, type: type[0] }, random);
  if (type === "object") return objectOf(schema, random);
  if (type === "array") {
    const { items, minItems = 0 } = schema;
    return Array.from({ length: Number(minItems) + random.below(4) }, () => valueOf(items, random));
  }
  if (type === "boolean") return random.below(2) === 0;
  if (type === "integer") return random.below(100_000) - 1_000;
  if (type === "number")
    return random.pick([1 + random.below(1000), (1 + random.below(1_000_000)) / 100, 0.5, 1e-7, 2.5e21]);
  return textOf(schema, random);
}

/** An optional member is there in half of the documents. */
function objectOf({ properties, required }: Readonly<Record<string, unknown>>, random: Random): Json {
  if (!isObject(properties)) return {};
  const needed = Array.isArray(required) ? required : [];
  const members = Object.entries(properties).filter(([name]) => needed.includes(name) || random.below(2) === 0);
  return Object.fromEntries(members.map(([name, schema]) => [name, valueOf(schema, random)]));
}

function textOf({ format, minLength, maxLength }: Readonly<Record<string, unknown>>, random: Random): string {
  if (format === "date") return `20${random.digits(2)}-0${1 + random.below(9)}-1${random.below(10)}`;
  if (maxLength === 3) return random.pick(["EUR", "USD", "JPY"]);
  const words = Array.from({ length: 1 + random.below(5) }, () => random.pick(pieces)).join(" ");
  return random.below(12) === 0 && minLength === undefined ? "" : words;
}

const pieces: readonly string[] = [
  "The tenant pays the rent in advance",
  "it's done",
  "Müller & Söhne",
  'he said "hello" to me',
  'the "final" version, not the draft',
  "see [1] and {2}",
  "at 10:30",
  "https://example.com/a?b=1#c",
  "first line\nsecond line",
  "tab\there",
  "// not a comment",
  "/* neither */",
  "# nor this",
  "C:\\Temp\\new.txt",
  "null",
  "true",
  "12,5 %",
  "東京",
  "🚀 up",
  "a, b, c",
  "yes; no",
  "<b>bold</b>",
  "```code```",
  "O'Brien",
  "x",
  "100",
  "It ends here.",
  "…",
  "key: value",
];

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
