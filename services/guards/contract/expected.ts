/**
 * What a contract wanted, in words for whoever has to mend the value: taken from
 * the schema alone, never from the value, and of bounded length.
 */
import type { ErrorObject } from "ajv";

const mostListed = 10;
const longestListed = 60;

/** Undefined for keywords whose wish cannot be said in a few words. */
export function expectedBy({ keyword, params, parentSchema }: ErrorObject): string | undefined {
  const limit = String(params["limit"]);
  switch (keyword) {
    case "type":
      return words(params["type"]);
    case "enum":
      return `one of ${listed(params["allowedValues"])}`;
    case "const":
      return shortened(JSON.stringify(params["allowedValue"]));
    case "minimum":
    case "maximum":
    case "exclusiveMinimum":
    case "exclusiveMaximum":
      return `${String(params["comparison"])} ${limit}`;
    case "multipleOf":
      return `a multiple of ${String(params["multipleOf"])}`;
    case "pattern":
      return `a text that matches ${shortened(String(params["pattern"]))}`;
    case "format":
      return `a text in the format ${String(params["format"])}`;
    case "required":
      return `a field named ${JSON.stringify(params["missingProperty"])}`;
    case "additionalProperties":
      return `no other fields than ${listed(fieldsOf(parentSchema))}`;
    default:
      return counted[keyword]?.replace("#", limit);
  }
}

const counted: Readonly<Record<string, string>> = {
  minLength: "at least # characters",
  maxLength: "at most # characters",
  minItems: "at least # items",
  maxItems: "at most # items",
  minProperties: "at least # fields",
  maxProperties: "at most # fields",
  uniqueItems: "no two equal items",
};

function words(type: unknown): string {
  const types = Array.isArray(type) ? type.map(String) : String(type).split(",");
  return types.map((name) => (name === "null" ? name : `${/^[aio]/.test(name) ? "an" : "a"} ${name}`)).join(" or ");
}

function listed(values: unknown): string {
  const items: readonly unknown[] = Array.isArray(values) ? values : [];
  const shown = items.slice(0, mostListed).map((item) => shortened(JSON.stringify(item)));
  const more = items.length > mostListed ? ` and ${items.length - mostListed} more` : "";
  return shown.join(", ") + more;
}

function fieldsOf(schema: unknown): readonly string[] {
  if (typeof schema !== "object" || schema === null || !("properties" in schema)) return [];
  const { properties } = schema;
  return typeof properties === "object" && properties !== null ? Object.keys(properties) : [];
}

function shortened(text: string): string {
  return text.length <= longestListed ? text : `${text.slice(0, longestListed)}...`;
}
