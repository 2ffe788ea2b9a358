/**
 * What is hashed and signed in the audit chain, byte for byte: the one place
 * that says so. A record is its canonical JSON (RFC 8785) and its hash that of
 * this text; a link names its record by this hash, so that a chain can be
 * proved with records left out; a link's hash covers all its fields and, by the
 * hash before, everything before it. SHA-256, in hex. Needs Node alone: the
 * evidence pack carries this file.
 */
import { createHash } from "node:crypto";
import { canonicalJson } from "../definitions/canonical-json.ts";
import { tagsOf, type TagKey, type Tags } from "./tags.ts";

/** What a link's hash covers. */
export interface LinkBody extends Tags {
  readonly partition: number;
  /** 1 for the first of its partition. */
  readonly sequence: number;
  /** Where the record stands on harness-audit. */
  readonly source_offset: string;
  readonly record_sha256: string;
  /** Of the link before; zeros for the first. */
  readonly previous_hash: string;
}

export interface Link extends LinkBody {
  readonly hash: string;
  /** Absent when the record is withheld. */
  readonly record?: unknown;
}

/** What a head's signature covers. */
export interface HeadBody {
  readonly partition: number;
  readonly sequence: number;
  /** Of the link with this sequence. */
  readonly hash: string;
  readonly signed_at_ms: number;
}

export const genesisHash = "0".repeat(64);

export function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

/** Numbers, hex and what has neither a line feed stand between the line feeds: no two bodies have one text. */
export function linkHash(body: LinkBody): string {
  const { partition, sequence, source_offset, record_sha256, run_tag, client_tag, previous_hash } = body;
  const tags = `${run_tag ?? "-"}\n${client_tag ?? "-"}`;
  return sha256(
    `breakwater audit link v2\n${partition}\n${sequence}\n${source_offset}\n${record_sha256}\n${tags}\n${previous_hash}\n`,
  );
}

export function headText({ partition, sequence, hash, signed_at_ms }: HeadBody): string {
  return `breakwater audit head v1\n${partition}\n${sequence}\n${hash}\n${signed_at_ms}\n`;
}

export function recordText(record: unknown): string {
  return canonicalJson(record);
}

/** What is sealed next. */
export interface NextRecord {
  readonly partition: number;
  readonly sourceOffset: bigint;
  readonly record: unknown;
  readonly tagKey: TagKey;
}

/** The link of a record behind another. */
export function linkAfter(
  previous: Pick<Link, "sequence" | "hash">,
  { partition, sourceOffset, record, tagKey }: NextRecord,
): Link {
  const body: LinkBody = {
    partition,
    sequence: previous.sequence + 1,
    source_offset: sourceOffset.toString(),
    record_sha256: sha256(recordText(record)),
    ...tagsOf(record, tagKey),
    previous_hash: previous.hash,
  };
  return { ...body, hash: linkHash(body), record };
}

/** A link's line in an evidence pack: canonical JSON. `text`: the record's canonical text, null when it is withheld. */
export function linkLine(link: Link, text: string | null): string {
  const record = text === null ? "" : `"record":${text},`;
  return (
    `{"client_tag":${quoted(link.client_tag)},"hash":"${link.hash}","partition":${link.partition},` +
    `"previous_hash":"${link.previous_hash}",${record}"record_sha256":"${link.record_sha256}",` +
    `"run_tag":${quoted(link.run_tag)},"sequence":${link.sequence},"source_offset":"${link.source_offset}"}`
  );
}

function quoted(tag: string | null): string {
  return tag === null ? "null" : `"${tag}"`;
}
