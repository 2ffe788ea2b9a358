/**
 * Holds a json output to its harness's contract. The value is taken as it is:
 * a number written as a string is a string, and breaks a contract that wants a
 * number. Findings name field and rule, never a value.
 */
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import type { GuardReport, Reason } from "../../../schemas/parts/finding.ts";
import { compileContract, contractDefect } from "../contract.ts";
import type { JsonValue } from "./json-value.ts";

const guard = "output_contract";
const version = "1";

export type JsonSchema = NonNullable<HarnessDefinition["output"]["schema"]>;

/** A schema that a request brought along was compiled before it was let in; one that does not compile here is kept by nothing. */
export function breachesOf(value: JsonValue, schema: JsonSchema): readonly Reason[] {
  if (contractDefect(schema) === null) return compileContract(schema)(value);
  return [{ code: "schema_unusable", message: "the schema that was asked for cannot be used here" }];
}

export function judgeContract(
  value: JsonValue,
  output: HarnessDefinition["output"],
): { readonly reasons: readonly Reason[]; readonly report: GuardReport } {
  if (output.format === "text" || output.schema === undefined) {
    return { reasons: [], report: { guard, verdict: "off", findings: [] } };
  }
  const reasons = breachesOf(value, output.schema);
  const findings = reasons.map(({ rule, code, path, message }) => ({
    rule: rule ?? code,
    version,
    severity: "high" as const,
    field: `answer${path ?? ""}`,
    message,
  }));
  return { reasons, report: { guard, verdict: reasons.length === 0 ? "passed" : "failed", findings } };
}

/** The contract was not asked: there was no value to hold to it. */
export function contractNotRun(why: string): GuardReport {
  return { guard, verdict: "not_run", findings: [], detail: why };
}
