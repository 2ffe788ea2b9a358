/**
 * Publishes what the stages run by: every harness and every signature pack of
 * harnesses/. Checked whole before the first of them is published; what is on
 * trial beside a version that has not changed stays on trial.
 */
import { globSync } from "node:fs";
import path from "node:path";
import type { Actor } from "../../../schemas/audit/change.ts";
import type { SignaturePack } from "../../../schemas/control/signature-pack.ts";
import { tellChanges } from "../../runtime/audit/change-record.ts";
import type { Environment } from "../../runtime/config.ts";
import { loadHarnesses } from "../commands/harness.ts";
import { loadPacks, packChanges, publishPacks } from "../commands/signatures.ts";
import { withKafka } from "../connections.ts";
import { readHarnesses } from "../control-topic.ts";
import { holdToCompliance } from "../harness/hold-to-compliance.ts";
import { deployHarnesses, harnessChanges, movedHarnesses, type HarnessFile } from "../harness/publish-harnesses.ts";
import { packsInForce } from "../signatures/packs-in-force.ts";
import { bookOf, surroundingsOf } from "../harness/surroundings.ts";

const folder = path.resolve(import.meta.dirname, "../../../harnesses");

export interface Applied {
  readonly harnesses: readonly HarnessFile[];
  readonly packs: readonly SignaturePack[];
}

/** Errors: CommandError for a bad definition or pack, TransientError broker_unavailable. */
export async function applyDefinitions(env: Environment, by: Actor): Promise<Applied> {
  const harnesses = await loadHarnesses([folder]);
  holdToCompliance(harnesses, surroundingsOf(env, bookOf(env)));
  const packs = await loadPacks(globSync(path.join(folder, "signatures", "*.yaml")).toSorted());
  await withKafka(env, async (kafka) => {
    const { publish } = await kafka.producer();
    const { pointers } = await readHarnesses(kafka.reader);
    const inForce = await packsInForce(kafka.reader);
    await tellChanges(publish, by, [
      ...harnessChanges(movedHarnesses(harnesses, pointers), null, pointers),
      ...packChanges(packs, inForce),
    ]);
    await deployHarnesses(harnesses, pointers, publish);
    if (packs.length > 0) await publishPacks(packs, publish);
  });
  return { harnesses, packs };
}

/** A line each, for people. */
export function describeApplied({ harnesses, packs }: Applied): readonly string[] {
  const names = harnesses.map(({ definition, version }) => `${definition.name}@${version}`);
  const held = packs.map(({ pack, version, signatures: { length } }) => `${pack} ${version} (${length})`);
  return [`${"Harnesses".padEnd(16)} ${names.join(", ")}`, `${"Signatures".padEnd(16)} ${held.join(", ")}`];
}
