/**
 * What a guard's findings lead to under a policy: its report, and of the
 * actions that the policy names for what was found the strictest one, with the
 * reasons that a model is told when it is asked again.
 */
import type { OutputAction } from "../../../schemas/control/harness-definition.ts";
import type { GuardVerdict } from "../../../schemas/parts/codes.ts";
import type { Finding, GuardReport, Reason } from "../../../schemas/parts/finding.ts";

/** A finding, and what the policy wants done about it. */
export interface Judged {
  readonly finding: Finding;
  readonly action: OutputAction;
}

export interface Guarded {
  readonly report: GuardReport;
  /** Null when the answer may go on. */
  readonly action: "retry" | "fallback" | null;
  readonly reasons: readonly Reason[];
}

/** A report is part of a record: an answer may hold thousands of findings. */
export const mostFindings = 100;

/** Of these a model is told when it is asked again. */
const mostReasons = 20;

const verdicts: Readonly<Record<OutputAction, GuardVerdict>> = {
  off: "passed",
  flag: "flagged",
  retry: "failed",
  fallback: "blocked",
};
const fromMildest: readonly OutputAction[] = ["off", "flag", "retry", "fallback"];

/** `actions`: what the policy says of each kind of finding; when it wants none of them the guard is off. */
export function actOn(guard: string, actions: readonly OutputAction[], find: () => readonly Judged[]): Guarded {
  if (actions.every((action) => action === "off"))
    return { report: { guard, verdict: "off", findings: [] }, action: null, reasons: [] };
  const judged = find().filter(({ action }) => action !== "off");
  const strictest = fromMildest.findLast((one) => judged.some(({ action }) => action === one)) ?? "off";
  const byWeight = judged.toSorted((one, other) => weightOf(other) - weightOf(one)).slice(0, mostFindings);
  const findings = byWeight.map(({ finding, action }) => ({ ...finding, action }));
  const more = judged.length - findings.length;
  const detail = more === 0 ? {} : { detail: `${more} more findings are not listed` };
  const report: GuardReport = { guard, verdict: verdicts[strictest], findings, ...detail };
  if (strictest !== "retry" && strictest !== "fallback") return { report, action: null, reasons: [] };
  const acted = findings.filter(({ action }) => action === "retry" || action === "fallback");
  return { report, action: strictest, reasons: acted.slice(0, mostReasons).map(reasonOf) };
}

function weightOf({ action }: Judged): number {
  return fromMildest.indexOf(action);
}

function reasonOf({ rule, field = "answer", message = rule }: Finding): Reason {
  const path = field.slice("answer".length);
  return { code: rule, message, ...(path === "" ? {} : { path }) };
}
