/**
 * Publishes definitions: the versions first, and when those are acknowledged,
 * the pointers to them. A version becomes the current one, or is put on trial
 * beside it: as a canary for a share of the runs, or in shadow.
 */
import type { CurrentDefinition, HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import type { Change } from "../../runtime/audit/change-record.ts";
import type { Publish } from "../../runtime/stage.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";

export interface HarnessFile {
  readonly file: string;
  readonly version: string;
  readonly definition: HarnessDefinition;
}

export type Trial = { readonly kind: "shadow" } | { readonly kind: "canary"; readonly share: number };

/** By name, where each harness points now. */
export type Pointers = ReadonlyMap<string, CurrentDefinition>;

const topic = "harness-definitions";
const type = "breakwater.harness.applied";

/** For the audit: what this makes of each; a version that is current already is a change too, as what was on trial ends. */
export function harnessChanges(
  harnesses: readonly HarnessFile[],
  trial: Trial | null,
  pointers: Pointers,
): readonly Change[] {
  return harnesses.map(({ version, definition: { name } }) => {
    const previous = pointers.get(name)?.version;
    const change = { action: `harness.${trial?.kind ?? "applied"}`, target: name, version };
    return previous === undefined ? change : { ...change, previous };
  });
}

/** New runs get these versions from now on; what was on trial ends. */
export async function publishHarnesses(harnesses: readonly HarnessFile[], publish: Publish): Promise<void> {
  await publishVersions(harnesses, publish);
  await publishPointers(
    harnesses.map(({ version, definition: { name } }) => ({ kind: "current", name, version })),
    publish,
  );
}

/**
 * The same for a deploy, which repeats itself: a harness whose version is
 * current already keeps what is on trial beside it.
 */
export async function deployHarnesses(
  harnesses: readonly HarnessFile[],
  pointers: Pointers,
  publish: Publish,
): Promise<void> {
  await publishVersions(harnesses, publish);
  const moved = movedHarnesses(harnesses, pointers);
  const records = moved.map(({ version, definition: { name } }) => ({ kind: "current" as const, name, version }));
  if (records.length > 0) await publishPointers(records, publish);
}

/** Those that a deploy makes current: the others are it already. */
export function movedHarnesses(harnesses: readonly HarnessFile[], pointers: Pointers): readonly HarnessFile[] {
  return harnesses.filter(({ version, definition: { name } }) => pointers.get(name)?.version !== version);
}

/** Where the harnesses point then. Errors: CommandError when there is nothing that a version could be on trial beside. */
export function trialPointers(
  harnesses: readonly HarnessFile[],
  trial: Trial,
  pointers: Pointers,
): readonly CurrentDefinition[] {
  return harnesses.map((harness) => onTrial(harness, trial, pointers));
}

/** `pointersOnTrial`: as `trialPointers` gives them. */
export async function publishTrials(
  harnesses: readonly HarnessFile[],
  pointersOnTrial: readonly CurrentDefinition[],
  publish: Publish,
): Promise<void> {
  await publishVersions(harnesses, publish);
  await publishPointers(pointersOnTrial, publish);
}

/** A canary and a shadow stand beside each other; a second one of its kind takes the first one's place. */
function onTrial({ version, definition: { name } }: HarnessFile, trial: Trial, pointers: Pointers): CurrentDefinition {
  const pointer = pointers.get(name);
  if (pointer === undefined) {
    throw new CommandError(
      exitCodes.usage,
      `${name} has no current version yet: apply one without --${trial.kind} first`,
    );
  }
  if (pointer.version === version) {
    throw new CommandError(exitCodes.usage, `${name}@${version} is the current version: nothing would be on trial`);
  }
  if (trial.kind === "shadow") return { ...pointer, shadow: { version } };
  return { ...pointer, canary: { version, share: trial.share } };
}

async function publishVersions(harnesses: readonly HarnessFile[], publish: Publish): Promise<void> {
  await publish(
    harnesses.map(({ version, definition }) => {
      const key = `${definition.name}@${version}`;
      return { topic, key, id: key, type, value: { kind: "definition", version, definition } };
    }),
  );
}

async function publishPointers(pointers: readonly CurrentDefinition[], publish: Publish): Promise<void> {
  await publish(
    pointers.map((value) => ({ topic, key: value.name, id: `${value.name}@${value.version}/current`, type, value })),
  );
}
