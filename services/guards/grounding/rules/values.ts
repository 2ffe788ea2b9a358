/**
 * Numbers, dates and units of a claim that the context does not have. Where
 * the closest passage says nearly the same with another value of the same
 * sort, that is a contradiction; elsewhere the value is unsupported. Small
 * numbers written as words and shares like `half` are said without counting:
 * alone they are no finding.
 */
import { accuse } from "../accuse.ts";
import type { GroundingFinding, GroundingRule } from "../grounding-finding.ts";
import type { ContextIndex } from "../passages/index-context.ts";
import type { Claim, ClaimedValue } from "../read-claims.ts";
import { areEqual, sortOf, type Value } from "../values/value.ts";

/** How much of a claim the closest passage must hold to contradict it. */
const saysTheSame = 0.5;

export function findValues(claim: Claim, index: ContextIndex): readonly GroundingFinding[] {
  return claim.values.flatMap(({ value, lookup }) => {
    if (lookup === "found" || isLoose(value)) return [];
    const rule = ruleOf(value, lookup, contradicts(claim, value, index));
    return [accuse(rule, claim, index, value)];
  });
}

function isLoose(value: Value): boolean {
  if (value.kind !== "quantity") return false;
  return value.form === "share" || (value.form === "words" && value.unit === null && (value.readings[0] ?? 0) <= 12);
}

function ruleOf(value: Value, lookup: ClaimedValue["lookup"], contradicted: boolean): GroundingRule {
  if (lookup === "unit") return "unit contradiction";
  const isNumber = value.kind === "quantity" && !value.year;
  if (isNumber) return contradicted ? "number contradiction" : "number unsupported";
  return contradicted ? "date contradiction" : "date unsupported";
}

function contradicts({ closest, values }: Claim, value: Value, { valuesIn }: ContextIndex): boolean {
  if (closest === null || closest.overlap < saysTheSame) return false;
  const own = values.filter(({ lookup }) => lookup === "found").map((claimed) => claimed.value);
  const others = (valuesIn.get(closest.passage) ?? []).filter((other) => sortOf(other) === sortOf(value));
  return others.some((other) => !own.some((mine) => areEqual(mine, other)));
}
