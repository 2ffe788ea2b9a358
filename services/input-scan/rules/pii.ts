/**
 * Looks for personal data in every text of the input, before anything reaches a
 * provider: each kind blocks the run, is replaced by a placeholder, or is let
 * through and noted, as the policy says.
 */
import type { PolicyKnobs } from "../../../schemas/control/harness-definition.ts";
import type { Finding, GuardReport, Reason } from "../../../schemas/parts/finding.ts";
import { findPii, piiRulesVersion, type PiiMatch } from "../../guards/pii/find-pii.ts";
import { piiEntities, type PiiEntity } from "../../guards/pii/entity.ts";
import { redact } from "../../guards/pii/redact.ts";
import type { GuardOutcome } from "../policy.ts";
import type { InputText } from "./input-texts.ts";

const entities: readonly PiiEntity[] = ["card", "ssn", "email"];
const rows = new Map(piiEntities.map((row) => [row.entity, row]));
const maxFindings = 100;

export interface PiiOutcome extends GuardOutcome {
  /** By index of the text: the text with its personal data replaced. */
  readonly replacements: ReadonlyMap<number, string>;
}

export function scanPii(texts: readonly InputText[], knobs: PolicyKnobs["pii"]): PiiOutcome {
  const matches = texts.map(({ folded }) => findPii(folded, entities));
  const findings = texts.flatMap(({ path }, index) => (matches[index] ?? []).map((match) => findingOf(match, path)));
  const replacements = new Map<number, string>();
  texts.forEach(({ folded }, index) => {
    const redactions = (matches[index] ?? []).filter(({ entity }) => actionOf(entity, knobs) === "redact");
    if (redactions.length > 0) replacements.set(index, redact(folded.original, redactions));
  });
  const reasons = texts.flatMap(({ path }, index) =>
    (matches[index] ?? [])
      .filter(({ entity }) => actionOf(entity, knobs) === "block")
      .map(({ entity }) => reasonOf(entity, path)),
  );
  const report: GuardReport = {
    guard: "pii",
    verdict:
      reasons.length > 0 ? "blocked" : replacements.size > 0 ? "redacted" : findings.length > 0 ? "flagged" : "passed",
    findings: findings.slice(0, maxFindings),
    ...(findings.length > 0 ? { detail: countsOf(matches.flat()) } : {}),
  };
  return { report, reasons: reasons.slice(0, 10), replacements };
}

/** Only these kinds have a knob of their own so far. */
function actionOf(entity: PiiEntity, knobs: PolicyKnobs["pii"]): "block" | "redact" | "allow" {
  return entity === "card" || entity === "ssn" || entity === "email" ? knobs[entity] : "allow";
}

function findingOf({ entity, confidence, start, end }: PiiMatch, path: string): Finding {
  return {
    rule: `pii.${entity}`,
    version: piiRulesVersion,
    severity: rows.get(entity)?.severity ?? "high",
    span: { start, end },
    field: path,
    message: `${rows.get(entity)?.title ?? entity}, ${confidence}`,
  };
}

function reasonOf(entity: PiiEntity, path: string): Reason {
  return {
    code: "pii",
    message: `holds ${rows.get(entity)?.title ?? entity}, which this harness does not accept`,
    path,
    rule: `pii.${entity}`,
  };
}

/** All of them are counted, also those beyond the findings that are listed. */
function countsOf(matches: readonly PiiMatch[]): string {
  return entities
    .map((entity) => ({ entity, count: matches.filter((match) => match.entity === entity).length }))
    .filter(({ count }) => count > 0)
    .map(({ entity, count }) => `${entity}: ${count}`)
    .join(", ");
}
