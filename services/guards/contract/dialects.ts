/**
 * The JSON Schema dialects that contracts may be written in: 2020-12, the one
 * without a `$schema`, and draft 7. Patterns, formats and the search for equal
 * items are replaced where the validator's own can take more than linear time
 * on a hostile value.
 */
import { Ajv, type AnySchemaObject, type KeywordDefinition, type Options, type ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { canonicalJson } from "../../definitions/canonical-json.ts";
import { linearPattern } from "./linear-pattern.ts";

type Validator = Pick<Ajv, "compile" | "removeSchema">;
/** Judging stops at the first error or looks for all; the author's also holds the schema itself to what is known here. */
export type Purpose = "first" | "all" | "authoring";

/** A value of a format is never longer; what is longer is not of that format. */
const longestFormatted = 2048;

const settings: Options = {
  strict: false,
  logger: false,
  allowUnionTypes: true,
  addUsedSchema: false,
  verbose: true,
  code: { regExp: linearPattern },
};

/** A misspelt keyword means nothing; its author believes that it does something. */
const forAuthors: Options = { strict: true, strictRequired: false, strictTypes: false, strictTuples: false };

/** The validator's own compares every item with every other. */
const uniqueItems: KeywordDefinition = {
  keyword: "uniqueItems",
  type: "array",
  schemaType: "boolean",
  error: { message: "must NOT have equal items" },
  validate: (unique: boolean, items: readonly unknown[]) =>
    !unique || new Set(items.map((item) => canonicalJson(item))).size === items.length,
};

const dialects: readonly (readonly [uri: RegExp, validators: Readonly<Record<Purpose, Validator>>])[] = [
  [/^https:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/, validatorsOf((own) => new Ajv2020(own))],
  [/^https?:\/\/json-schema\.org\/draft-07\/schema#?$/, validatorsOf((own) => new Ajv(own))],
];

/** @throws Error when the schema names a dialect that is not spoken here, or does not compile. */
export function compileSchema(schema: AnySchemaObject, purpose: Purpose): ValidateFunction {
  const uri: unknown = schema["$schema"] ?? "https://json-schema.org/draft/2020-12/schema";
  const dialect = dialects.find(([known]) => typeof uri === "string" && known.test(uri));
  if (dialect === undefined) throw new Error(`$schema ${JSON.stringify(uri)}: only 2020-12 and draft-07 are known`);
  const validator = dialect[1][purpose];
  try {
    return validator.compile(schema);
  } finally {
    // The instance keeps nothing: the cache is the caller's, and dies with the schema object.
    validator.removeSchema(schema);
  }
}

function validatorsOf(make: (settings: Options) => Ajv): Readonly<Record<Purpose, Validator>> {
  return {
    authoring: prepared(make({ ...settings, ...forAuthors })),
    first: prepared(make({ ...settings, allErrors: false })),
    all: prepared(make({ ...settings, allErrors: true })),
  };
}

/** Formats that are checked by name. */
export const formatNames: ReadonlySet<string> = new Set(Object.keys(prepared(new Ajv2020(settings)).formats));

function prepared(ajv: Ajv): Ajv {
  addFormats.default(ajv);
  for (const [name, format] of Object.entries(ajv.formats)) {
    const test = testOf(format);
    if (test !== null)
      ajv.addFormat(name, {
        type: "string",
        validate: (text: string) => text.length <= longestFormatted && test(text),
      });
  }
  ajv.removeKeyword("uniqueItems");
  return ajv.addKeyword(uniqueItems);
}

function testOf(format: unknown): ((text: string) => boolean) | null {
  if (format instanceof RegExp) return (text) => format.test(text);
  if (typeof format === "function") return (text) => Boolean(format(text));
  if (typeof format !== "object" || format === null || !("validate" in format)) return null;
  return "type" in format && format.type === "number" ? null : testOf(format.validate);
}
