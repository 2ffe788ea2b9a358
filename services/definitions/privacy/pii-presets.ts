/**
 * What each policy preset does with each kind of personal data, by how bad a
 * leak of it is. `strict` refuses what is grave and redacts the rest, `standard`
 * redacts everything, `minimal` redacts what is grave and notes the rest.
 */
import type { PiiAction, PolicyPreset } from "../../../schemas/control/harness-definition.ts";
import type { Severity } from "../../../schemas/parts/finding.ts";
import { piiEntities, type PiiEntity } from "../../guards/pii/entity.ts";

const bySeverity: Readonly<Record<PolicyPreset, Readonly<Record<Severity, PiiAction>>>> = {
  strict: { critical: "block", high: "block", medium: "redact", low: "redact" },
  standard: { critical: "redact", high: "redact", medium: "redact", low: "redact" },
  minimal: { critical: "redact", high: "redact", medium: "allow", low: "allow" },
};

/** Account and tax numbers stand on every invoice: a finance harness that refused them could read none. */
const exceptions: Readonly<Record<PolicyPreset, Readonly<Partial<Record<PiiEntity, PiiAction>>>>> = {
  strict: { iban: "redact", taxId: "redact" },
  standard: {},
  minimal: {},
};

/** Every entity with its action. */
export function piiPreset(policy: PolicyPreset): Readonly<Record<string, PiiAction>> {
  return Object.fromEntries(
    piiEntities.map(({ entity, severity }) => [entity, exceptions[policy][entity] ?? bySeverity[policy][severity]]),
  );
}
