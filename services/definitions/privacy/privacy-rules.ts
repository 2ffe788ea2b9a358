/**
 * What must hold of a definition's part on personal data: every entity is
 * known, a custom one has a name of its own and a pattern of bounded cost,
 * nothing is weaker than a compliance scheme asks, and a policy that needs a
 * key fails closed. Paths are JSON pointers into the definition.
 */
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import type { Reason } from "../../../schemas/parts/finding.ts";
import { piiEntities } from "../../guards/pii/entity.ts";
import { compareStrictness } from "../../guards/privacy/action-order.ts";
import { compileCustom, maxTotalWays } from "../../guards/privacy/custom-entity.ts";
import { needsKey } from "../../guards/privacy/find-personal-data.ts";
import { labelOf } from "../../guards/privacy/token-forms.ts";
import { floorsOf } from "../compliance/compliance-presets.ts";

type Part = Pick<HarnessDefinition, "knobs" | "compliance">;

const entities = "/knobs/pii/entities";
const customs = "/knobs/pii/custom";

export function brokenPrivacyRules(definition: Part): Reason[] {
  return [
    ...entitiesAreKnown(definition),
    ...customNamesAreFree(definition),
    ...customPatternsAreBounded(definition),
    ...keepsCompliance(definition),
    ...failsClosed(definition),
  ];
}

function broken(path: string, rule: string, message: string): Reason {
  return { code: "definition_invalid", path, rule, message };
}

function entitiesAreKnown({ knobs }: Part): Reason[] {
  const known: ReadonlySet<string> = new Set(piiEntities.map(({ entity }) => entity));
  return Object.keys(knobs.pii.entities)
    .filter((entity) => !known.has(entity))
    .map((entity) => broken(`${entities}/${entity}`, "entity_known", `${entity} is not a kind of personal data`));
}

function customNamesAreFree({ knobs }: Part): Reason[] {
  const taken = new Set(piiEntities.map(({ entity }) => labelOf(entity)));
  return knobs.pii.custom.flatMap(({ name }, index) => {
    const label = labelOf(name);
    const path = `${customs}/${index}/name`;
    if (taken.has(label)) return [broken(path, "custom_name_free", `[${label}] stands for another entity`)];
    taken.add(label);
    return /_\d+$/.test(label)
      ? [broken(path, "custom_name_form", `[${label}] would look like a pseudonym: end the name with a letter`)]
      : [];
  });
}

function customPatternsAreBounded({ knobs }: Part): Reason[] {
  let ways = 0;
  const reasons = knobs.pii.custom.flatMap((custom, index) => {
    const verdict = compileCustom(custom);
    if (verdict.kind === "compiled") {
      ways += verdict.custom.ways;
      return [];
    }
    return [broken(`${customs}/${index}/pattern`, verdict.rule, verdict.message)];
  });
  if (ways > maxTotalWays) {
    const message = `the patterns together can match one start in ${ways} ways, more than ${maxTotalWays}`;
    reasons.push(broken(customs, "patterns_bounded", message));
  }
  return reasons;
}

function keepsCompliance({ knobs, compliance = [] }: Part): Reason[] {
  const weaker = compliance.flatMap((scheme) =>
    floorsOf(scheme).flatMap(({ entity, action, clause }) => {
      const chosen = knobs.pii.entities[entity] ?? "allow";
      if (compareStrictness(chosen, action) >= 0) return [];
      const message = `${chosen} is weaker than ${action}, which ${scheme} asks for (${clause})`;
      return [broken(`${entities}/${entity}`, "compliance_floor", message)];
    }),
  );
  if (compliance.length === 0 || knobs.pii.failMode === "closed") return weaker;
  return [
    ...weaker,
    broken("/knobs/pii/failMode", "compliance_closed", `${compliance.join(", ")}: personal data must fail closed`),
  ];
}

function failsClosed({ knobs: { pii } }: Part): Reason[] {
  if (pii.failMode === "closed" || !needsKey(pii)) return [];
  return [
    broken("/knobs/pii/failMode", "key_needs_closed", "hash and pseudonymise need a key: without one nothing may pass"),
  ];
}
