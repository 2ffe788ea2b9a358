/**
 * What a guard's outcome means for the run: reasons refuse it, and a guard that
 * could not run refuses it when its knob fails closed. A guard that could not
 * run is recorded as such, never as passed.
 */
import type { GuardReport, Reason } from "../../schemas/parts/finding.ts";

export interface GuardOutcome {
  readonly report: GuardReport;
  /** Empty: the run may go on. */
  readonly reasons: readonly Reason[];
}

/** Runs a guard; an error inside it becomes `not_run`. Its message may quote the text, so only its name is kept. */
export function runGuard<Outcome extends GuardOutcome>(
  guard: string,
  failMode: "closed" | "open",
  run: () => Outcome,
): Outcome | GuardOutcome {
  try {
    return run();
  } catch (error) {
    const known = error instanceof GuardUnavailable ? error.message : null;
    const detail = known ?? (error instanceof Error ? error.name : "unknown error");
    const report: GuardReport = { guard, verdict: "not_run", findings: [], detail };
    if (failMode === "open") return { report, reasons: [] };
    const why = known === null ? "" : ` (${known})`;
    const message = `the ${guard} guard could not run${why}, and the policy is closed`;
    return { report, reasons: [{ code: "guard_not_run", message, rule: guard }] };
  }
}

/** A guard lacks what it needs; the message is ours and holds no content. */
export class GuardUnavailable extends Error {
  constructor(message: string) {
    super(message);
    this.name = "GuardUnavailable";
  }
}
