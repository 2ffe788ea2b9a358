/**
 * Reads an answer as the output its harness promises: text that is not blank,
 * or a JSON value, mended where the policy allows it. Says in a guard report
 * what it did; a repair is always said.
 */
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import type { GuardReport, Reason } from "../../../schemas/parts/finding.ts";
import type { JsonSchema } from "../../guards/output/judge-contract.ts";
import { shapeOf } from "./contract-shape.ts";
import { parseJson, type JsonValue } from "../../guards/output/json-value.ts";
import { repairJson, type RepairFault, type RepairStep } from "./repair/repair.ts";

export type ReadOutput =
  | { readonly kind: "read"; readonly value: JsonValue; readonly report: GuardReport }
  | { readonly kind: "unreadable"; readonly reason: Reason; readonly report: GuardReport };

const guard = "output_format";
const version = "1";

export type ReadJson =
  | { readonly kind: "read"; readonly value: JsonValue; readonly steps: readonly RepairStep[] }
  | { readonly kind: "unreadable"; readonly fault: RepairFault };

/** `#`: what was to be read. */
const faultMessages: Readonly<Record<RepairFault, string>> = {
  json_absent: "# holds no JSON object or array",
  json_ambiguous: "# holds more than one JSON value; give exactly one and nothing around it",
  json_cut_off: "the JSON ends before it is complete",
  json_duplicate_key: "an object gives the same key twice",
  json_malformed: "# is not valid JSON",
  json_no_value: "NaN, Infinity and undefined are no JSON values; give null where the contract allows it",
  json_number_inexact: "a number is too large to be kept exactly; give it as a string if the contract allows",
  json_too_deep: "the JSON is nested too deeply",
  json_too_long_to_repair: "# is not valid JSON",
};

export function faultMessage(fault: RepairFault, what = "the answer"): string {
  return faultMessages[fault].replace("#", what);
}

export function readOutput(answer: string, definition: Pick<HarnessDefinition, "knobs" | "output">): ReadOutput {
  if (definition.output.format === "text") return readText(answer);
  const read = readJson(answer, definition.output.schema, definition.knobs.output.repair);
  if (read.kind === "unreadable") return rejected({ code: read.fault, message: faultMessage(read.fault) });
  const { value, steps } = read;
  if (steps.length === 0) return { kind: "read", value, report: passed };
  return { kind: "read", value, report: { guard, verdict: "repaired", findings: [], detail: steps.join(", ") } };
}

/** `steps`: what it took to mend it; [] when it was read as it stands. */
export function readJson(text: string, schema: JsonSchema | undefined, mayRepair: boolean): ReadJson {
  const shape = shapeOf(schema);
  const strict = parseJson(text);
  if (strict.kind === "value") {
    if (strict.duplicateKeys) return { kind: "unreadable", fault: "json_duplicate_key" };
    const isWrapped = shape.root !== undefined && holdsJson(strict.value) && mayRepair;
    if (!isWrapped) return { kind: "read", value: strict.value, steps: [] };
  } else if (strict.defect !== "json_malformed" || !mayRepair) return { kind: "unreadable", fault: strict.defect };
  const repair = repairJson(text, shape);
  if (repair.kind === "unrepaired") return { kind: "unreadable", fault: repair.fault };
  return { kind: "read", value: repair.value, steps: repair.steps };
}

function holdsJson(value: JsonValue): boolean {
  return typeof value === "string" && /^\s*[{[]/.test(value);
}

const passed: GuardReport = { guard, verdict: "passed", findings: [] };

function readText(answer: string): ReadOutput {
  if (answer.trim() !== "") return { kind: "read", value: answer, report: passed };
  return rejected({ code: "answer_blank", message: "the answer is blank" });
}

function rejected(reason: Reason): ReadOutput {
  const finding = { rule: reason.code, version, severity: "high" as const, field: "answer", message: reason.message };
  return { kind: "unreadable", reason, report: { guard, verdict: "failed", findings: [finding] } };
}
