/** Harnesses, their versions and what differs between two, as the API shows them. */
import { z } from "zod";
import { harnessDefinition, type PublishedDefinition } from "../../../schemas/control/harness-definition.ts";
import { harnessRef } from "../../../schemas/parts/identity.ts";
import { usd } from "../../../schemas/parts/usage.ts";
import type { Spent } from "../../ledger/operations/harness-spend.ts";
import type { Standing } from "../../runtime/definitions.ts";

const recent = z
  .object({
    runs: z.int(),
    priced_runs: z.int().describe("Of which every call has a known cost"),
    cost_usd: usd.nullable().describe("Of those; null when there is none"),
  })
  .nullable()
  .describe("Of the last seven days; null when the ledger does not answer");

const { version } = harnessRef.shape;
const model = harnessDefinition.shape.models.unwrap().pick({ provider: true, model: true });
const summary = {
  policy: harnessDefinition.shape.policy,
  models: z.array(model).describe("The chain, first choice first"),
  recent,
};

export const harnessesView = z.object({
  harnesses: z.array(
    z.object({
      name: harnessRef.shape.name,
      description: z.string(),
      version: version.describe("That new runs get"),
      versions: z.int().describe("How many are published"),
      canary: z.object({ version, share: z.number() }).optional().describe("What a share of new runs gets instead"),
      shadow: version.optional().describe("What judges beside, without effect"),
      ...summary,
    }),
  ),
});

export const versionsView = z.object({
  name: harnessRef.shape.name,
  versions: z
    .array(
      z.object({
        version,
        role: z.enum(["current", "canary", "shadow", "published"]),
        description: z.string(),
        ...summary,
      }),
    )
    .describe("The one published last first"),
});

export const versionView = z.object({
  name: harnessRef.shape.name,
  version,
  role: versionsView.shape.versions.unwrap().shape.role,
  definition: harnessDefinition.describe("Every knob resolved; its hash is the version"),
});

const path = z.string().describe("JSON pointer into the definition");
export const differencesView = z.object({
  name: harnessRef.shape.name,
  from: version,
  to: version,
  differences: z.array(
    z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("added"), path, after: z.json() }),
      z.object({ kind: z.literal("removed"), path, before: z.json() }),
      z.object({ kind: z.literal("changed"), path, before: z.json(), after: z.json() }),
    ]),
  ),
});

export type HarnessesView = z.infer<typeof harnessesView>;
export type VersionsView = z.infer<typeof versionsView>;
export type VersionView = z.infer<typeof versionView>;
export type DifferencesView = z.infer<typeof differencesView>;

export function roleOf(asked: string, standing: Standing | undefined): VersionView["role"] {
  if (standing?.version === asked) return "current";
  if (standing?.canary?.version === asked) return "canary";
  return standing?.shadow === asked ? "shadow" : "published";
}

export function summaryOf(
  { definition }: PublishedDefinition,
  spent: Spent | null,
): Pick<HarnessesView["harnesses"][number], "description" | "policy" | "models" | "recent"> {
  const { description, policy, models } = definition;
  return {
    description,
    policy,
    models: models.map(({ provider, model: name }) => ({ provider, model: name })),
    recent: spent === null ? null : { ...spent },
  };
}
