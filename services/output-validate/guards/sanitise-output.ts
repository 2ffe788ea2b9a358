/**
 * Makes an output safe for where it goes: a text as a whole, of a JSON value
 * each string. For the destination `json` a value's strings are made plain: the
 * signs that a script element would stumble over are escaped where the value is
 * written as text, which is not here. Says how often which rule changed it.
 */
import type { Destination } from "../../../schemas/control/harness-definition.ts";
import type { GuardReport } from "../../../schemas/parts/finding.ts";
import { ChangeCount } from "../../guards/sanitise/cleaned.ts";
import { sanitise } from "../../guards/sanitise/sanitise.ts";
import type { JsonValue } from "../rules/json-value.ts";
import { mapStrings } from "../rules/map-strings.ts";

const guard = "sanitise";

export interface Sanitised {
  readonly value: JsonValue;
  readonly report: GuardReport;
}

/** `destination`: undefined when the output is given as it is. */
export function sanitiseOutput(output: JsonValue, destination: Destination | undefined): Sanitised {
  if (destination === undefined) return { value: output, report: { guard, verdict: "off", findings: [] } };
  const inValue = destination === "json" && typeof output !== "string" ? "plain" : destination;
  const changes = new ChangeCount();
  const value = mapStrings(output, (text) => {
    const cleaned = sanitise(text, inValue);
    changes.addAll(cleaned.changes);
    return cleaned.text;
  });
  const made = changes.list();
  if (made.length === 0) return { value, report: { guard, verdict: "passed", findings: [] } };
  const detail = `for ${destination}: ${made.map(({ rule, count }) => `${rule} ${count}`).join(", ")}`;
  return { value, report: { guard, verdict: "sanitised", findings: [], detail } };
}
