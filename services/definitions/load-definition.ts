/**
 * Reads a definition from outside: its shape, then the rules between its
 * parts. The answer is a definition with its version, or every reason why not,
 * each with a path and the rule it breaks. It never throws.
 */
import type { z } from "zod";
import { harnessDefinition, type HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import type { Reason } from "../../schemas/parts/finding.ts";
import { brokenRules } from "./rules/definition-rules.ts";
import { definitionVersion } from "./version.ts";

export type LoadedDefinition =
  | { readonly kind: "loaded"; readonly definition: HarnessDefinition; readonly version: string }
  | { readonly kind: "rejected"; readonly reasons: readonly Reason[] };

export function loadDefinition(value: unknown): LoadedDefinition {
  const parsed = harnessDefinition.safeParse(value);
  if (!parsed.success) return { kind: "rejected", reasons: parsed.error.issues.map(issueReason) };
  const reasons = brokenRules(parsed.data);
  if (reasons.length > 0) return { kind: "rejected", reasons };
  return { kind: "loaded", definition: parsed.data, version: definitionVersion(parsed.data) };
}

/** A Zod issue as a reason: where, which rule, and why. */
export function issueReason(issue: z.core.$ZodIssue): Reason {
  return {
    code: "definition_invalid",
    path: issue.path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join(""),
    rule: issue.code,
    message: issue.message,
  };
}

/** One line a reason, for a terminal. */
export function describeReasons(reasons: readonly Reason[]): string {
  return reasons
    .map(({ path = "", message, rule, code }) => `${path === "" ? "" : `${path}: `}${message} (${rule ?? code})`)
    .join("\n");
}
