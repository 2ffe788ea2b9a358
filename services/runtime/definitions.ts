/**
 * The harness definitions in force, from harness-definitions. A definition
 * whose version is not the hash of its document, or that breaks a rule between
 * its parts, is ignored, loudly. `current`
 * names the version that new runs get; while it points to one that is not
 * here, the version before it stays current. A canary takes its share of the
 * runs by their ids, so that the same run always gets the same version.
 */
import { z } from "zod";
import {
  definitionRecord,
  type CurrentDefinition,
  type DefinitionRecord,
  type HarnessDefinition,
  type PublishedDefinition,
} from "../../schemas/control/harness-definition.ts";
import { drawOf } from "../guards/draw.ts";
import { brokenRules } from "../definitions/rules/definition-rules.ts";
import { describeReasons } from "../definitions/load-definition.ts";
import { definitionVersion } from "../definitions/version.ts";
import { openControlTable, type ControlTable, type ControlTableOptions } from "./control-table.ts";
import type { KafkaLogger } from "./kafka/client.ts";

/** The document as published, fields of a newer minor version included: they are part of the hash. */
const asPublished = z.object({ definition: z.custom<HarnessDefinition>() });

export async function openDefinitions(
  reader: ControlTableOptions<DefinitionRecord>["reader"],
  logger: KafkaLogger,
): Promise<Definitions> {
  return new Definitions(
    await openControlTable({ reader, topic: "harness-definitions", parse: parseDefinition, logger }),
    logger,
  );
}

export interface Standing {
  readonly version: string;
  readonly canary: CurrentDefinition["canary"];
  readonly shadow: string | undefined;
}

export class Definitions {
  readonly #table: ControlTable<DefinitionRecord>;
  readonly #logger: KafkaLogger;
  /** By name, the version new runs get. */
  readonly #current = new Map<string, string>();

  constructor(table: ControlTable<DefinitionRecord>, logger: KafkaLogger) {
    this.#table = table;
    this.#logger = logger;
    for (const [key, record] of table.entries()) this.#follow(key, record);
    table.onChange((key, record) => this.#follow(key, record));
  }

  /** What a new run of this harness gets: the canary when the run is in its share, else the current version. */
  current(name: string, runId?: string): PublishedDefinition | undefined {
    const canary = this.#pointer(name)?.canary;
    const isInShare = canary !== undefined && runId !== undefined && drawOf(runId, "definition") < canary.share;
    const tried = isInShare ? this.#published(name, canary.version) : undefined;
    if (tried !== undefined) return tried;
    const version = this.#current.get(name);
    return version === undefined ? undefined : this.#published(name, version);
  }

  /** The version that also judges each new run, without effect; undefined when there is none, or it is not here. */
  shadow(name: string): PublishedDefinition | undefined {
    const version = this.#pointer(name)?.shadow?.version;
    return version === undefined ? undefined : this.#published(name, version);
  }

  /** Of those that new runs can name, in order. */
  names(): readonly string[] {
    return [...this.#current.keys()].filter((name) => this.current(name) !== undefined).toSorted();
  }

  /** Which version new runs of this harness get, which some of them, and which is tried beside; undefined when none is in force. */
  standing(name: string): Standing | undefined {
    const version = this.#current.get(name);
    if (version === undefined) return undefined;
    const { canary, shadow } = this.#pointer(name) ?? {};
    return { version, canary, shadow: shadow?.version };
  }

  /** Every version of this harness that is on the topic, the one published last first. */
  versions(name: string): readonly PublishedDefinition[] {
    const all = [...this.#table.entries().values()].flatMap((record) =>
      record.kind === "definition" && record.definition.name === name ? [record] : [],
    );
    return all.toReversed();
  }

  get(name: string, version: string): HarnessDefinition | undefined {
    return this.#published(name, version)?.definition;
  }

  /** Resolves when everything is here that was published before the call. Errors: TransientError broker_unavailable. */
  catchUp(): Promise<void> {
    return this.#table.catchUp();
  }

  close(): Promise<void> {
    return this.#table.close();
  }

  #pointer(name: string): CurrentDefinition | undefined {
    const record = this.#table.get(name);
    return record?.kind === "current" ? record : undefined;
  }

  #published(name: string, version: string): PublishedDefinition | undefined {
    const record = this.#table.get(`${name}@${version}`);
    return record?.kind === "definition" ? record : undefined;
  }

  #follow(key: string, record: DefinitionRecord | undefined): void {
    if (record === undefined) this.#current.delete(key);
    else this.#point(record.kind === "current" ? record.name : record.definition.name);
  }

  /** Moves a name to the version its `current` record asks for, once that version is here. */
  #point(name: string): void {
    const wanted = this.#pointer(name);
    if (wanted === undefined) return;
    if (this.#published(name, wanted.version) !== undefined) this.#current.set(name, wanted.version);
    else
      this.#logger.error(
        { harness: name, version: wanted.version },
        "the current version of a harness is not published, the one before stays current",
      );
  }
}

function parseDefinition(value: unknown, key: string): DefinitionRecord {
  const record = definitionRecord.parse(value);
  if (record.kind === "current") {
    if (key !== record.name) throw new Error(`the record names ${record.name}, its key does not`);
    return record;
  }
  const { version, definition } = record;
  const hash = definitionVersion(asPublished.parse(value).definition);
  if (version !== hash) throw new Error(`version ${version} is not the hash of the document, ${hash}`);
  if (key !== `${definition.name}@${version}`)
    throw new Error(`the record is ${definition.name}@${version}, its key is not`);
  const broken = brokenRules(definition);
  if (broken.length > 0) throw new Error(describeReasons(broken));
  return record;
}
