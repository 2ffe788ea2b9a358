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
  readonly action: "review" | "retry" | "fallback" | null;
  /** Why it is to be asked for again or replaced. */
  readonly reasons: readonly Reason[];
  /** Why a person is to decide on it, whatever else is wanted. */
  readonly review: readonly Reason[];
}

/** A report is part of a record: an answer may hold thousands of findings. */
export const mostFindings = 100;

/** Of these a model is told when it is asked again. */
const mostReasons = 20;

const verdicts: Readonly<Record<OutputAction, GuardVerdict>> = {
  off: "passed",
  flag: "flagged",
  review: "flagged",
  retry: "failed",
  fallback: "blocked",
};
const fromMildest: readonly OutputAction[] = ["off", "flag", "review", "retry", "fallback"];

/** `actions`: what the policy says of each kind of finding; when it wants none of them the guard is off. */
export function actOn(guard: string, actions: readonly OutputAction[], find: () => readonly Judged[]): Guarded {
  if (actions.every((action) => action === "off"))
    return { report: { guard, verdict: "off", findings: [] }, action: null, reasons: [], review: [] };
  const judged = find().filter(({ action }) => action !== "off");
  const strictest = fromMildest.findLast((one) => judged.some(({ action }) => action === one)) ?? "off";
  const byWeight = judged.toSorted((one, other) => weightOf(other) - weightOf(one)).slice(0, mostFindings);
  const findings = byWeight.map(({ finding, action }) => ({ ...finding, action }));
  const more = judged.length - findings.length;
  const detail = more === 0 ? {} : { detail: `${more} more findings are not listed` };
  const report: GuardReport = { guard, verdict: verdicts[strictest], findings, ...detail };
  const reasonsFor = (...actions: readonly OutputAction[]): readonly Reason[] =>
    byWeight
      .filter(({ action }) => actions.includes(action))
      .slice(0, mostReasons)
      .map(({ finding }) => reasonOf(finding));
  const action = strictest === "off" || strictest === "flag" ? null : strictest;
  return { report, action, reasons: reasonsFor("retry", "fallback"), review: reasonsFor("review") };
}

function weightOf({ action }: Judged): number {
  return fromMildest.indexOf(action);
}

function reasonOf({ rule, field = "answer", message = rule }: Finding): Reason {
  const path = field.startsWith("answer") ? field.slice("answer".length) : `/${field}`;
  return { code: rule, message, ...(path === "" ? {} : { path }) };
}
