/**
 * The texts of a caller's options that could reach a prompt: what tools and
 * schemas say of themselves, down to the names of parameters. They are read as
 * a tool's result is: their authors often are others than the caller, and an
 * instruction planted in a description is as old a trick as one in a document.
 */
import { callOptions, type CallOptions } from "../../../../schemas/parts/call-options.ts";
import { tool } from "../../../../schemas/parts/tools.ts";
import { readTexts, replaceTexts, type InputText } from "./input-texts.ts";

const channels = { channels: { options: "tool_result" } } as const;

const wordsOfJsonSchema = `
  $schema $ref $defs $comment $anchor definitions type format title description default enum const examples
  properties patternProperties additionalProperties propertyNames required minProperties maxProperties
  unevaluatedProperties dependencies dependentSchemas dependentRequired
  items prefixItems additionalItems contains minContains maxContains minItems maxItems unevaluatedItems uniqueItems
  allOf anyOf oneOf not if then else readOnly writeOnly deprecated
  minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern
  contentEncoding contentMediaType
`;

/** Words of the options' own shape and of JSON Schema; every other key is the caller's word, and is read like a text. */
const declared: ReadonlySet<string> = new Set([
  "options",
  ...Object.keys(callOptions.shape),
  ...Object.keys(tool.shape),
  ...wordsOfJsonSchema.trim().split(/\s+/),
]);

export function readOptionTexts(options: CallOptions | undefined): readonly InputText[] {
  return options === undefined ? [] : readTexts({ options }, declared, channels);
}

/** `replacements`: as of replaceTexts. Null when a replaced text was none that could be: a tool's name, part of a schema. */
export function replaceOptionTexts(
  options: CallOptions,
  replacements: ReadonlyMap<number, string>,
): CallOptions | null {
  const read = callOptions.safeParse(replaceTexts({ options }, { declared, replacements })["options"]);
  return read.success ? read.data : null;
}
