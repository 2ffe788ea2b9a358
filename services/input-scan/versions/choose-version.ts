/**
 * Which version of its harness a request is decided by: the one that it pins,
 * else the one that new runs get, which for a canary's share of the runs is the
 * canary. And which version judges it too, in shadow: a run that pins its
 * version is nobody's trial.
 */
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import type { RunRequest } from "../../../schemas/records/run-request.ts";
import type { VersionedDefinition } from "../decide.ts";
import type { Envelope } from "../rules/envelope.ts";

/** What services/runtime/definitions.ts gives. */
export interface DefinitionSource {
  /** Of a new run with this id. */
  current(name: string, runId: string): VersionedDefinition | undefined;
  get(name: string, version: string): HarnessDefinition | undefined;
  /** The version in shadow. */
  shadow?(name: string): VersionedDefinition | undefined;
  /** Resolves when the control topic has been read to what is its end now. */
  catchUp(): Promise<void>;
}

/** Before a harness is called unknown, the definitions are read to their end: it may have been applied a moment ago. */
export async function chooseVersion(
  envelope: Envelope,
  definitions: DefinitionSource,
  runId: string,
): Promise<VersionedDefinition | null> {
  if (envelope.kind === "unusable") return null;
  const known = findVersion(envelope.request, definitions, runId);
  if (known !== null) return known;
  await definitions.catchUp();
  return findVersion(envelope.request, definitions, runId);
}

function findVersion(
  { harness, harness_version }: RunRequest,
  definitions: DefinitionSource,
  runId: string,
): VersionedDefinition | null {
  if (harness_version === undefined) return definitions.current(harness, runId) ?? null;
  const definition = definitions.get(harness, harness_version);
  return definition === undefined ? null : { version: harness_version, definition };
}

/** Null when there is none, or it is the version that decides anyway. */
export function shadowOf(
  envelope: Envelope,
  definitions: DefinitionSource,
  deciding: VersionedDefinition | null,
): VersionedDefinition | null {
  if (envelope.kind === "unusable" || envelope.request.harness_version !== undefined) return null;
  const shadow = definitions.shadow?.(envelope.request.harness);
  return shadow === undefined || shadow.version === deciding?.version ? null : shadow;
}
