/**
 * Reads one link and judges it for itself: its form, its record against the
 * record's hash, its fields against its own hash. What it says of its
 * neighbours is judged in judge-chain.ts. Never throws. Needs Node alone: the
 * evidence pack carries this file.
 */
import { namedIn, runTag, type Named, type Tags } from "./tags.ts";
import { linkHash, linkLine, recordText, sha256, type Link, type LinkBody } from "./link.ts";

export interface ReadLink {
  /** For people: a line, or an offset. */
  readonly place: string;
  /** As it says itself; null when it does not say it in a form that can be read. */
  readonly partition: number | null;
  readonly sequence: number | null;
  readonly previousHash: string;
  readonly hash: string;
  /** What it says of its record, withheld or not. */
  readonly tags: Tags;
  /** Whom its record names; null when the record is withheld. */
  readonly named: Named | null;
  /** Why it is not what was sealed; null when it is sound in itself. */
  readonly defect: string | null;
}

/** The links in a record of the topic, in their order, whatever they are; null when it holds none. */
export function linksIn(record: unknown): readonly unknown[] | null {
  if (typeof record !== "object" || record === null || !("kind" in record) || record.kind !== "links") return null;
  if (!("links" in record) || !Array.isArray(record.links)) return null;
  const links: readonly unknown[] = record.links;
  return links;
}

/** A link of a topic. */
export function readLink(value: unknown, place: string): ReadLink {
  return judged(linkOf(value), place, null);
}

/** A line of an evidence pack: it must be canonical to the byte. */
export function readLinkLine(line: string, place: string): ReadLink {
  return judged(linkOf(parsed(line)), place, line);
}

function judged(link: Link | null, place: string, line: string | null): ReadLink {
  if (link === null) return { place, ...nothingRead, defect: "it is not a link" };
  const { partition, sequence, previous_hash: previousHash, hash, run_tag, client_tag } = link;
  const named = link.record === undefined ? null : namedIn(link.record);
  const tags = { run_tag, client_tag };
  return { place, partition, sequence, previousHash, hash, tags, named, defect: defectOf(link, line) };
}

const nothingRead = {
  partition: null,
  sequence: null,
  previousHash: "",
  hash: "",
  tags: { run_tag: null, client_tag: null },
  named: null,
} as const;

function defectOf(link: Link, line: string | null): string | null {
  const text = link.record === undefined ? null : line === null ? recordText(link.record) : recordIn(line, link);
  if (line !== null && linkLine(link, text) !== line) return "it is not written as it was sealed";
  if (text !== null && sha256(text) !== link.record_sha256) return "its record does not have the hash that was sealed";
  if (linkHash(link) !== link.hash) return "its hash is not that of its fields";
  return text === null || isTagged(link) ? null : "its tags are not those of its record";
}

/** As far as it can be told without the key. */
function isTagged({ record, run_tag, client_tag }: Link): boolean {
  const { runId, clientId } = namedIn(record);
  return run_tag === (runId === null ? null : runTag(runId)) && (client_tag === null) === (clientId === null);
}

/** What stands in the line where the record does: if it has the sealed hash, it is the sealed text. To write it anew takes longer. */
function recordIn(line: string, link: Link): string {
  const without = linkLine(link, "");
  const start = without.indexOf(`"record":,`) + `"record":`.length;
  return line.slice(start, start + line.length - without.length);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

const hex = /^[0-9a-f]{64}$/;
const runTagForm = /^[0-9a-f]{32}$/;
const clientTagForm = /^[0-9a-f]{16}:[0-9a-f]{32}$/;
const digits = /^\d{1,19}$/;

function linkOf(value: unknown): Link | null {
  if (typeof value !== "object" || value === null) return null;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const { partition, sequence, source_offset, record_sha256, previous_hash, hash, record } = fields;
  const { run_tag, client_tag } = fields;
  if (!isCount(partition) || !isCount(sequence)) return null;
  if (typeof source_offset !== "string" || !digits.test(source_offset)) return null;
  if (!isHash(record_sha256) || !isHash(previous_hash) || !isHash(hash)) return null;
  if (!isTag(run_tag, runTagForm) || !isTag(client_tag, clientTagForm)) return null;
  const body: LinkBody = { partition, sequence, source_offset, record_sha256, run_tag, client_tag, previous_hash };
  return { ...body, hash, ...(record === undefined ? {} : { record }) };
}

function isTag(value: unknown, form: RegExp): value is string | null {
  return value === null || (typeof value === "string" && form.test(value));
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isHash(value: unknown): value is string {
  return typeof value === "string" && hex.test(value);
}
