/**
 * What would become of an output that a reviewer writes, without deciding: it
 * is read as it will be, held to the contract and made safe as output-validate
 * will do it, and shown to the guards. The same functions judge it when it is
 * decided, so nothing passes here and breaks there. Pure.
 */
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import type { GuardReport, Reason } from "../../schemas/parts/finding.ts";
import type { ReviewHeld } from "../../schemas/records/review.ts";
import { parseJson, type JsonValue } from "../guards/output/json-value.ts";
import { findInEdit } from "./find-in-edit.ts";
import { judgeEdit } from "./judge-edit.ts";

export type EditReading =
  | { readonly kind: "good"; readonly output: JsonValue; readonly given: JsonValue }
  /** Each field that breaks a rule, by its path. */
  | { readonly kind: "broken"; readonly reasons: readonly Reason[] };

export type EditCheck = EditReading & {
  /** What guards note in it: it stops nothing. */
  readonly guards: readonly GuardReport[];
};

/** `text`: the whole output as it was written; JSON where the contract says so. `given`: as it will go out. */
export function readEdit(text: string, contract: ReviewHeld["contract"]): EditReading {
  const read = contract.format === "text" ? { kind: "value" as const, value: text.trimEnd() } : parseJson(text);
  if (read.kind !== "value") return broken("json_malformed", "the edited output is not valid JSON");
  if ("duplicateKeys" in read && read.duplicateKeys)
    return broken("json_duplicate_key", "the edited output gives the same key of an object twice");
  const { reasons, output: given } = judgeEdit(read.value, contract);
  return reasons.length === 0 ? { kind: "good", output: read.value, given } : { kind: "broken", reasons };
}

/** `definition`: undefined when the one that the run was pinned to is gone. */
export function checkEdit(
  text: string,
  contract: ReviewHeld["contract"],
  definition: HarnessDefinition | undefined,
): EditCheck {
  const reading = readEdit(text, contract);
  return { ...reading, guards: reading.kind === "good" ? findInEdit(reading.output, definition) : [] };
}

function broken(code: string, message: string): EditReading {
  return { kind: "broken", reasons: [{ code, message }] };
}
