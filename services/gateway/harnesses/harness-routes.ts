/**
 * Harness definitions over HTTP, for an admin: which there are, their versions,
 * one version whole, and what differs between two. They are only read here:
 * definitions are applied by the command line.
 */
import { z } from "zod";
import { harnessRef } from "../../../schemas/parts/identity.ts";
import { jsonDifferences } from "../../definitions/versions/json-differences.ts";
import { StoreError, type Store } from "../../ledger/clickhouse.ts";
import { harnessSpends, lateMs, spentBy, type HarnessSpend } from "../../ledger/operations/harness-spend.ts";
import type { Definitions } from "../../runtime/definitions.ts";
import type { Refusal } from "../admission/admission.ts";
import { keyedRoute, type GatewayRoute } from "../route.ts";
import {
  differencesView,
  harnessesView,
  roleOf,
  summaryOf,
  versionsView,
  versionView,
  type HarnessesView,
  type VersionsView,
} from "./harness-views.ts";

export interface HarnessParts {
  readonly harnesses: Pick<Definitions, "names" | "current" | "get" | "standing" | "versions">;
  readonly ledger: Pick<Store, "query">;
  readonly nowMs: () => number;
}

export function harnessRoutes(parts: HarnessParts): readonly GatewayRoute[] {
  return [listRoute(parts), versionsRoute(parts), versionRoute(parts), differencesRoute(parts)];
}

const described = { dialect: "native", access: "admin", tag: "harnesses", method: "GET" } as const;
const { name, version } = harnessRef.shape;
const noSuchHarness: Refusal = { status: 404, code: "harness_unknown", message: "there is no such harness" };
const noSuchVersion: Refusal = { status: 404, code: "version_unknown", message: "there is no such version of it" };
const notFound = { 404: { description: "No such harness, or no such version of it" } } as const;

function listRoute(parts: HarnessParts): GatewayRoute {
  return keyedRoute({
    ...described,
    url: "/v1/harnesses",
    summary: "All harnesses, with what new runs get and what their runs cost lately",
    accepts: {},
    answers: { 200: { description: "The harnesses, by name", body: harnessesView } },
    handle: async () => ({ harnesses: listed(parts.harnesses, await recentSpends(parts)) }),
  });
}

function listed(
  harnesses: HarnessParts["harnesses"],
  spends: readonly HarnessSpend[] | null,
): HarnessesView["harnesses"] {
  return harnesses.names().flatMap((harness) => {
    const published = harnesses.current(harness);
    const standing = harnesses.standing(harness);
    if (published === undefined || standing === undefined) return [];
    return [
      {
        name: harness,
        versions: harnesses.versions(harness).length,
        ...standing,
        ...summaryOf(published, spends === null ? null : spentBy(spends, harness)),
      },
    ];
  });
}

function versionsRoute(parts: HarnessParts): GatewayRoute {
  return keyedRoute({
    ...described,
    url: "/v1/harnesses/:name/versions",
    summary: "The versions of a harness",
    accepts: { params: z.object({ name }) },
    answers: { 200: { description: "The versions, the last first", body: versionsView }, ...notFound },
    handle: async ({ params, refuse }) => {
      const versions = versionsOf(parts.harnesses, params.name, await recentSpends(parts));
      return versions.length === 0 ? refuse(noSuchHarness) : { name: params.name, versions };
    },
  });
}

function versionsOf(
  harnesses: HarnessParts["harnesses"],
  harness: string,
  spends: readonly HarnessSpend[] | null,
): VersionsView["versions"] {
  const standing = harnesses.standing(harness);
  return harnesses.versions(harness).map((published) => {
    const own = spends?.filter((spend) => spend.version === published.version) ?? null;
    return {
      version: published.version,
      role: roleOf(published.version, standing),
      ...summaryOf(published, own === null ? null : spentBy(own, harness)),
    };
  });
}

function versionRoute({ harnesses }: HarnessParts): GatewayRoute {
  return keyedRoute({
    ...described,
    url: "/v1/harnesses/:name/versions/:version",
    summary: "One version of a harness, whole",
    accepts: { params: z.object({ name, version }) },
    answers: { 200: { description: "The definition", body: versionView }, ...notFound },
    handle: ({ params, refuse }) => {
      const definition = harnesses.get(params.name, params.version);
      if (definition === undefined) return Promise.resolve(refuse(noSuchVersion));
      return Promise.resolve({ ...params, role: roleOf(params.version, harnesses.standing(params.name)), definition });
    },
  });
}

function differencesRoute({ harnesses }: HarnessParts): GatewayRoute {
  return keyedRoute({
    ...described,
    url: "/v1/harnesses/:name/versions/:version/differences",
    summary: "What a version changed against another one",
    accepts: {
      params: z.object({ name, version }),
      query: z.strictObject({ from: version.describe("The version that it is held against") }),
    },
    answers: { 200: { description: "Each place that differs", body: differencesView }, ...notFound },
    handle: ({ params, query: { from }, refuse }) => {
      const before = harnesses.get(params.name, from);
      const after = harnesses.get(params.name, params.version);
      if (before === undefined || after === undefined) return Promise.resolve(refuse(noSuchVersion));
      const differences = jsonDifferences(before, after);
      return Promise.resolve({ name: params.name, from, to: params.version, differences });
    },
  });
}

async function recentSpends({ ledger, nowMs }: HarnessParts): Promise<readonly HarnessSpend[] | null> {
  try {
    return await harnessSpends(ledger, nowMs() - lateMs);
  } catch (error) {
    if (error instanceof StoreError) return null;
    throw error;
  }
}
