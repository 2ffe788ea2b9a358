/**
 * Mends the JSON of an answer: takes it out of prose and code fences, reads its
 * tokens leniently, and leaves the rest (missing commas, quotes inside strings)
 * to jsonrepair. It mends only what has one reading: an answer cut off, two
 * candidates, brackets that do not match, a mended text that lost or gained
 * anything, stay unmended. Types are not its business: the contract judges the
 * value afterwards.
 */
import { parseJson, type JsonDefect, type JsonValue } from "../../../guards/output/json-value.ts";
import { choose, type Shape } from "./choose.ts";
import { parseMended } from "./mended-text.ts";
import type { Candidate } from "./scan-json.ts";
import { unwrap } from "./unwrap.ts";

export type RepairFault =
  | JsonDefect
  | "json_absent"
  | "json_ambiguous"
  | "json_cut_off"
  | "json_no_value"
  | "json_too_long_to_repair";

/** It was a string or stood behind the model's thoughts; text stood around it; it was written wrongly. */
export type RepairStep = "unwrapped" | "extracted" | "mended";

export type Repair =
  | { readonly kind: "repaired"; readonly value: JsonValue; readonly steps: readonly RepairStep[] }
  | { readonly kind: "unrepaired"; readonly fault: RepairFault };

const anyShape: Shape = { root: undefined, isWhole: () => false };

export function repairJson(answer: string, shape: Shape = anyShape): Repair {
  const text = unwrap(answer, shape.root !== undefined);
  const choice = choose(text, shape);
  if (choice.kind === "none") return { kind: "unrepaired", fault: choice.fault };
  const { candidate, hasStrayClosers } = choice;
  const mending = mend(candidate, shape);
  if (typeof mending === "string") return { kind: "unrepaired", fault: mending };
  if (hasStrayClosers && !shape.isWhole(mending.value)) return { kind: "unrepaired", fault: "json_ambiguous" };
  const steps: readonly (readonly [RepairStep, boolean])[] = [
    ["unwrapped", text !== answer],
    ["extracted", candidate.written.length < text.trim().length],
    ["mended", !mending.asWritten],
  ];
  return { kind: "repaired", value: mending.value, steps: steps.filter(([, taken]) => taken).map(([step]) => step) };
}

interface Mending {
  readonly value: JsonValue;
  readonly asWritten: boolean;
}

function mend(candidate: Candidate, { isWhole }: Shape): Mending | RepairFault {
  const written = parseJson(candidate.written);
  if (written.kind === "value") return given(written, true);
  const closed = candidate.lacksLastBrace && candidate.hazards.size === 1 ? parseJson(`${candidate.strict}}`) : null;
  if (closed?.kind === "value" && isWhole(closed.value)) return given(closed, false);
  const fault = hazardFault(candidate);
  if (fault !== null) return fault;
  const read = parseJson(candidate.strict);
  const parsed = read.kind === "value" || read.defect !== "json_malformed" ? read : parseMended(candidate);
  return parsed.kind === "defect" ? parsed.defect : given(parsed, false);
}

interface Parsed {
  readonly value: JsonValue;
  readonly duplicateKeys: boolean;
}

function given({ value, duplicateKeys }: Parsed, asWritten: boolean): Mending | RepairFault {
  return duplicateKeys ? "json_duplicate_key" : { value, asWritten };
}

function hazardFault({ hazards }: Candidate): RepairFault | null {
  if (hazards.has("too_deep")) return "json_too_deep";
  if (hazards.has("unbalanced")) return "json_malformed";
  if (hazards.has("cut_off")) return "json_cut_off";
  if (hazards.has("unclear")) return "json_malformed";
  return hazards.has("no_value") ? "json_no_value" : null;
}
