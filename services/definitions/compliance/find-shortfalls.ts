/**
 * Where a definition, the providers that it names and what is kept fall short of
 * a compliance preset: one entry a place, with what is there, what is asked,
 * the clause, and how to mend it. What is not known of a provider falls short:
 * an agreement that nobody wrote down is none.
 */
import type { ComplianceScheme, HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import type { Agreement } from "../../../schemas/parts/provider-terms.ts";
import { compareStrictness } from "../../guards/privacy/action-order.ts";
import type { ComplianceLine, Demand } from "./compliance-line.ts";
import { compliancePresets } from "./compliance-presets.ts";
import { isWeaker, knobValue, valuesFrom } from "./ordered-knobs.ts";

/** What the operator's configuration says of a provider. */
export interface ProviderTerms {
  readonly address: string;
  readonly region?: string | undefined;
  readonly agreements: readonly Agreement[];
}

/** Around the definition: what the place where it is judged is set to. */
export interface Surroundings {
  /** undefined for a provider that is not configured. */
  readonly termsOf: (provider: string) => ProviderTerms | undefined;
  /** How long the ledger keeps decisions, days. */
  readonly decisionsKeptDays: number;
  /** The longest that a topic keeps prompts or answers, days. */
  readonly contentKeptDays: number;
  /** Requests in the clear, once read, days. */
  readonly requestsKeptDays: number;
}

export interface Shortfall {
  readonly scheme: ComplianceScheme;
  readonly clause: string;
  /** What the clause is about. */
  readonly why: string;
  /** A JSON pointer into the definition; for a setting, its name. */
  readonly path: string;
  /** `setting`: of the processes, not of the definition; another process may be set otherwise. */
  readonly of: "definition" | "provider" | "setting";
  readonly what: string;
  readonly mend: string;
}

const dayMs = 86_400_000;

type Place = Pick<Shortfall, "path" | "of" | "what" | "mend">;

export function findShortfalls(
  scheme: ComplianceScheme,
  definition: HarnessDefinition,
  surroundings: Surroundings,
): readonly Shortfall[] {
  return compliancePresets[scheme].lines.flatMap(({ clause, serves, demand }: ComplianceLine) =>
    placesOf(demand, definition, surroundings).map((place) => ({ scheme, clause, why: serves, ...place })),
  );
}

function placesOf(demand: Demand, definition: HarnessDefinition, surroundings: Surroundings): readonly Place[] {
  switch (demand.kind) {
    case "entities":
      return weakEntities(demand, definition);
    case "knob":
      return weakKnob(demand, definition);
    case "review":
      return weakReview(demand, definition);
    case "agreement":
    case "region":
    case "encrypted":
      return providersIn(definition).flatMap(({ path, provider }) => {
        const terms = surroundings.termsOf(provider);
        const lack = terms === undefined ? unknownProvider(provider) : lackOf(demand, provider, terms);
        return lack === null ? [] : [{ path, of: "provider", ...lack }];
      });
    case "decisions_kept":
      return keptTooShort(demand.atLeastDays, surroundings.decisionsKeptDays);
    case "content_gone":
      return keptTooLong(demand.atMostDays, definition, surroundings);
    case "untraced":
      return traced(definition);
  }
}

function weakEntities(
  { entities, atLeast }: Extract<Demand, { kind: "entities" }>,
  { knobs: { pii } }: HarnessDefinition,
): readonly Place[] {
  return entities.flatMap((entity): Place[] => {
    const chosen = pii.entities[entity] ?? "allow";
    if (compareStrictness(chosen, atLeast) >= 0) return [];
    const path = `/knobs/pii/entities/${entity}`;
    const mend = `set knobs.pii.entities.${entity} to ${atLeast} or stricter, or leave it out`;
    return [{ path, of: "definition", what: `${chosen} is weaker than ${atLeast}`, mend }];
  });
}

function weakKnob(
  { knob, atLeast }: Extract<Demand, { kind: "knob" }>,
  { knobs }: HarnessDefinition,
): readonly Place[] {
  const chosen = knobValue(knobs, knob);
  if (!isWeaker(knob, chosen, atLeast)) return [];
  const path = `/knobs/${knob.replace(".", "/")}`;
  const mend = `set knobs.${knob} to ${valuesFrom(knob, atLeast).join(" or ")}, or leave it out`;
  return [{ path, of: "definition", what: `${chosen} is weaker than ${atLeast}`, mend }];
}

function weakReview(
  { onTimeout }: Extract<Demand, { kind: "review" }>,
  { review }: HarnessDefinition,
): readonly Place[] {
  if (review === undefined || onTimeout.includes(review.onTimeout)) return [];
  const what = `what nobody decided on ends as ${review.onTimeout}`;
  const mend = `set review.onTimeout to ${onTimeout.join(" or ")}`;
  return [{ path: "/review/onTimeout", of: "definition", what, mend }];
}

/** Each provider once, where it is named first. Who moderates gets to read answers. */
function providersIn({ models, moderation }: HarnessDefinition) {
  const named = [
    ...models.map(({ provider }, index) => ({ path: `/models/${index}/provider`, provider })),
    ...(moderation === undefined ? [] : [{ path: "/moderation/provider", provider: moderation.provider }]),
  ];
  return named.filter(({ provider }, index) => named.findIndex((other) => other.provider === provider) === index);
}

type Lack = Pick<Place, "what" | "mend">;

function unknownProvider(provider: string): Lack {
  return {
    what: `${provider} is not configured here: nothing is known of it`,
    mend: `describe ${provider} in the providers file (BREAKWATER_PROVIDERS_FILE)`,
  };
}

function lackOf(
  demand: Extract<Demand, { kind: "agreement" | "region" | "encrypted" }>,
  provider: string,
  terms: ProviderTerms,
): Lack | null {
  switch (demand.kind) {
    case "agreement": {
      if (terms.agreements.includes(demand.agreement)) return null;
      const mend = `when it is signed, add ${demand.agreement} to the agreements of ${provider} in the providers file`;
      return { what: `no ${demand.agreement} is noted for ${provider}`, mend };
    }
    case "region": {
      const { region, agreements } = terms;
      if (region !== undefined && demand.regions.includes(region)) return null;
      if (demand.orElse.some((one) => agreements.includes(one))) return null;
      const where = region === undefined ? "where it works is not known" : `it works in ${region}`;
      const mend = `give ${provider} its region in the providers file, or ${demand.orElse.join(" or ")} among its agreements`;
      return { what: `${provider}: ${where}`, mend };
    }
    case "encrypted": {
      if (isGuarded(terms.address)) return null;
      return { what: `${provider} is reached over plain http`, mend: `give ${provider} an https address` };
    }
  }
}

function isGuarded(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === "https:" || hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
}

function keptTooShort(atLeastDays: number, keptDays: number): readonly Place[] {
  if (keptDays >= atLeastDays) return [];
  const what = `the ledger keeps decisions for ${keptDays} days, not ${atLeastDays}`;
  const mend = `set BREAKWATER_LEDGER_AUDIT_DAYS to ${atLeastDays} or more for cost-aggregate (0: for ever)`;
  return [{ path: "BREAKWATER_LEDGER_AUDIT_DAYS", of: "setting", what, mend }];
}

function traced({ traces }: HarnessDefinition): readonly Place[] {
  if (traces === undefined) return [];
  return (["inputMessages", "outputMessages"] as const).flatMap((name): Place[] => {
    if (!traces[name]) return [];
    const what = `${name === "inputMessages" ? "prompts" : "answers"} stand in traces`;
    return [{ path: `/traces/${name}`, of: "definition", what, mend: `leave traces.${name} out` }];
  });
}

/** A harness's own retention ends what its runs wrote; the requests themselves are in the clear until they are trimmed. */
function keptTooLong(
  atMostDays: number,
  { retention }: HarnessDefinition,
  { contentKeptDays, requestsKeptDays }: Surroundings,
): readonly Place[] {
  const places: Place[] = [];
  const longest = Math.floor(atMostDays * dayMs);
  if (requestsKeptDays > atMostDays) {
    const what = `requests stay in the clear for ${requestsKeptDays} days after they were read, more than ${atMostDays}`;
    const mend = `set BREAKWATER_REQUESTS_KEPT_MS to ${longest} or less for input-scan`;
    places.push({ path: "BREAKWATER_REQUESTS_KEPT_MS", of: "setting", what, mend });
  }
  if (retention === undefined && contentKeptDays > atMostDays) {
    const what = `a topic keeps prompts or answers for ${contentKeptDays} days, more than ${atMostDays}`;
    const mend = "set retention.contentMs, or shorten the topic's retention.ms";
    places.push({ path: "topics", of: "setting", what, mend });
  }
  if (retention !== undefined && retention.contentMs > longest) {
    const what = `content can be read for ${retention.contentMs / dayMs} days, more than ${atMostDays}`;
    const mend = `set retention.contentMs to ${longest} or less`;
    places.push({ path: "/retention/contentMs", of: "definition", what, mend });
  }
  return places;
}
