/**
 * The compliance presets, by scheme: data that definitions are raised by, held
 * to and linted against, and that docs/compliance.md is made from. A technical
 * measure that helps to comply, not a certificate.
 */
import type { ComplianceScheme, PiiAction, PolicyKnobs } from "../../../schemas/control/harness-definition.ts";
import { stricter } from "../../guards/privacy/action-order.ts";
import type { CompliancePreset } from "./compliance-line.ts";
import { gdpr } from "./gdpr.ts";
import { hipaa } from "./hipaa.ts";
import { raisedKnob } from "./ordered-knobs.ts";
import { pci } from "./pci.ts";
import { soc2 } from "./soc2.ts";

export const compliancePresets: Readonly<Record<ComplianceScheme, CompliancePreset>> = { hipaa, gdpr, soc2, pci };

interface Floor {
  readonly entity: string;
  readonly action: PiiAction;
  readonly clause: string;
}

/** What one scheme asks for of personal data, entity by entity. */
export function floorsOf(scheme: ComplianceScheme): readonly Floor[] {
  return compliancePresets[scheme].lines.flatMap(({ clause, demand }) =>
    demand.kind === "entities" ? demand.entities.map((entity) => ({ entity, action: demand.atLeast, clause })) : [],
  );
}

/** The strictest of the given actions and what the schemes ask for. */
export function raisedBy(
  schemes: readonly ComplianceScheme[],
  actions: Readonly<Record<string, PiiAction>>,
): Record<string, PiiAction> {
  const raised = { ...actions };
  for (const { entity, action } of schemes.flatMap(floorsOf)) {
    raised[entity] = stricter(raised[entity] ?? "allow", action);
  }
  return raised;
}

/** A policy preset's knobs with all that the schemes ask for; what an author writes over them is theirs to answer for. */
export function raisedKnobs(schemes: readonly ComplianceScheme[], knobs: PolicyKnobs): PolicyKnobs {
  const demands = schemes.flatMap((scheme) => compliancePresets[scheme].lines.map(({ demand }) => demand));
  const raised = demands.reduce(
    (so, demand) => (demand.kind === "knob" ? raisedKnob(so, demand.knob, demand.atLeast) : so),
    knobs,
  );
  return { ...raised, pii: { ...raised.pii, entities: raisedBy(schemes, raised.pii.entities) } };
}
