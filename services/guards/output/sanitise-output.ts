/**
 * Makes an output safe for where it goes: a text as a whole, of a JSON value
 * each string and each key, but for the keys that its contract names, which the
 * harness's author wrote. For the destination `json` a value's strings are made
 * plain: the signs that a script element would stumble over are escaped where
 * the value is written as text, which is not here. Says how often which rule
 * changed it. Keys of one object that would become one are not: no value is lost.
 */
import type { Destination, HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import type { GuardReport, Reason } from "../../../schemas/parts/finding.ts";
import { declaredNames } from "../contract.ts";
import { ChangeCount } from "../sanitise/cleaned.ts";
import { sanitise } from "../sanitise/sanitise.ts";
import type { JsonValue } from "./json-value.ts";
import { mapStrings } from "./map-strings.ts";

const guard = "sanitise";

export interface Sanitised {
  readonly value: JsonValue;
  readonly report: GuardReport;
  /** Why it cannot be given: then `value` lacks something. Null: it can. */
  readonly fault: Reason | null;
}

/** `destination`: absent when the output is given as it is. */
export function sanitiseOutput(
  output: JsonValue,
  { destination, schema }: Pick<HarnessDefinition["output"], "destination" | "schema">,
): Sanitised {
  if (destination === undefined) return { value: output, report: { guard, verdict: "off", findings: [] }, fault: null };
  const changes = new ChangeCount();
  const names: ReadonlySet<string> = schema === undefined ? new Set() : declaredNames(schema);
  const inValue: Destination = destination === "json" && typeof output !== "string" ? "plain" : destination;
  const clean = (text: string): string => {
    const cleaned = sanitise(text, inValue);
    changes.addAll(cleaned.changes);
    return cleaned.text;
  };
  const value = mapStrings(output, clean, (key) => (names.has(key) ? key : clean(key)));
  const made = changes.list();
  if (made.length === 0) return { value, report: { guard, verdict: "passed", findings: [] }, fault: null };
  const detail = `for ${destination}: ${made.map(({ rule, count }) => `${rule} ${count}`).join(", ")}`;
  if (keysOf(value) === keysOf(output))
    return { value, report: { guard, verdict: "sanitised", findings: [], detail }, fault: null };
  const { code, message } = sameKeys;
  const finding = { rule: code, version: "1", severity: "medium" as const, field: "answer", message };
  return { value, report: { guard, verdict: "failed", findings: [finding], detail }, fault: sameKeys };
}

const sameKeys: Reason = {
  code: "keys_not_distinct",
  message: "two keys of an object differ only by signs that are not safe where the answer goes",
};

/** How many there are in all. */
function keysOf(value: JsonValue): number {
  if (typeof value !== "object" || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce<number>((sum, inner: JsonValue) => sum + keysOf(inner), own);
}
