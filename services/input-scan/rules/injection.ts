/**
 * Looks for signatures of prompt injection in every text of the input. The
 * policy can lower what a signature may cause, never raise it.
 */
import type { PolicyKnobs } from "../../../schemas/control/harness-definition.ts";
import type { Finding, GuardReport, Reason } from "../../../schemas/parts/finding.ts";
import type { InjectionScanner } from "../../guards/injection/scanner.ts";
import { GuardUnavailable, type GuardOutcome } from "../policy.ts";
import type { InputText } from "./input-texts.ts";

const maxFindings = 100;

export function scanInjection(
  texts: readonly InputText[],
  knobs: PolicyKnobs["injection"],
  scanner: InjectionScanner,
): GuardOutcome {
  const guard = "injection";
  if (knobs.action === "off") return { report: { guard, verdict: "off", findings: [] }, reasons: [] };
  if (scanner.packs.length === 0) throw new GuardUnavailable("no signature pack is applied");
  const matches = texts.flatMap(({ path, folded }) => scanner.scan(folded).map((match) => ({ match, path })));
  const findings: Finding[] = matches
    .slice(0, maxFindings)
    .map(({ match, path }) => ({ ...match.finding, field: path }));
  const blocking =
    knobs.action === "block" ? matches.filter(({ match }) => match.effective && match.action === "block") : [];
  const verdict = blocking.length > 0 ? "blocked" : matches.some(({ match }) => match.effective) ? "flagged" : "passed";
  const report: GuardReport = { guard, verdict, findings, detail: scanner.packs.join(", ") };
  const reasons: Reason[] = blocking.slice(0, 10).map(({ match, path }) => ({
    code: "injection",
    message: `looks like an attempt to take over the instructions (${match.category})`,
    path,
    rule: match.finding.rule,
  }));
  return { report, reasons };
}
