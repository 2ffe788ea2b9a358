/**
 * Reads a compacted control topic to its end: the latest value of each key, and
 * the definitions among them.
 */
import {
  definitionRecord,
  type CurrentDefinition,
  type PublishedDefinition,
} from "../../schemas/control/harness-definition.ts";
import type { LogReader } from "../runtime/kafka/log-reader.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";

/** Values that are not JSON are left out: the stages ignore them too. */
export async function readControlTopic(
  reader: Pick<LogReader, "offsets" | "read">,
  topic:
    | "harness-definitions"
    | "harness-signatures"
    | "harness-breakers"
    | "harness-budgets"
    | "harness-clients"
    | "harness-commands"
    | "harness-prices",
): Promise<ReadonlyMap<string, unknown>> {
  const latest = new Map<string, unknown>();
  const offsets = await reader.offsets(topic);
  await reader.read({
    topic,
    ranges: [...offsets]
      .map(([partition, { low, high }]) => ({ partition, from: low, to: high }))
      .filter(({ from, to }) => from < to),
    onRecord: ({ key, value }) => {
      if (key === null) return;
      const name = key.toString("utf8");
      const parsed = value === null ? undefined : parseJson(value);
      if (parsed === undefined) latest.delete(name);
      else latest.set(name, parsed);
    },
  });
  return latest;
}

export interface PublishedHarnesses {
  readonly current: ReadonlyMap<string, PublishedDefinition>;
  /** By `name@version`. */
  readonly all: ReadonlyMap<string, PublishedDefinition>;
  /** By name, the record that says which version is current and which are on trial. */
  readonly pointers: ReadonlyMap<string, CurrentDefinition>;
}

export async function readHarnesses(reader: Pick<LogReader, "offsets" | "read">): Promise<PublishedHarnesses> {
  const records = await readControlTopic(reader, "harness-definitions");
  const all = new Map<string, PublishedDefinition>();
  const current = new Map<string, PublishedDefinition>();
  const pointers = new Map<string, CurrentDefinition>();
  const parsed = [...records].flatMap(([key, value]) => {
    const record = definitionRecord.safeParse(value);
    return record.success ? [{ key, record: record.data }] : [];
  });
  for (const { key, record } of parsed) if (record.kind === "definition") all.set(key, record);
  for (const { record } of parsed) {
    if (record.kind === "current") pointers.set(record.name, record);
    const definition = record.kind === "current" ? all.get(`${record.name}@${record.version}`) : undefined;
    if (definition !== undefined) current.set(definition.definition.name, definition);
  }
  return { current, all, pointers };
}

/** Errors: CommandError that names the harnesses there are. */
export function requireHarness({ current }: PublishedHarnesses, name: string): PublishedDefinition {
  const harness = current.get(name);
  if (harness !== undefined) return harness;
  const known = [...current.keys()].toSorted().join(", ");
  throw new CommandError(
    exitCodes.usage,
    `There is no harness ${name}; ${known === "" ? "none is applied" : `there are: ${known}`}. Nothing was published.`,
  );
}

/** The input field that a document's text goes into when nobody names one. */
export function textFieldOf({ definition: { input } }: TextTaker): string {
  return input.longField ?? input.contextField ?? "text";
}

interface TextTaker {
  readonly definition: {
    readonly input: { readonly longField?: string | undefined; readonly contextField?: string | undefined };
  };
}

function parseJson(value: Buffer): unknown {
  try {
    const parsed: unknown = JSON.parse(value.toString("utf8"));
    return parsed;
  } catch {
    return undefined;
  }
}
