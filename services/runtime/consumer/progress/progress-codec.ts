/**
 * A partition's progress as the metadata of an offset commit: a marker, the
 * nonce of the assignment that wrote it, the time of the commit and the done
 * offsets above the committed one, as base64 of the deflated bitmap.
 * Never longer than the broker allows; what another program wrote, or what is
 * damaged, is read as no map at all: records are repeated, none is skipped.
 */
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { clampTo, type DoneMap } from "./done-map.ts";
import { maxSpan } from "./offset-tracker.ts";

/** Kafka's default for offset.metadata.max.bytes. */
export const maxMetadataBytes = 4096;
/** A partition whose map has grown to this starts no new records until it shrinks. */
export const fullMetadataBytes = 3072;

const maxBitmapBytes = maxSpan / 8 + 1;
const format = /^BW1\.([0-9a-f]{8,32})\.(\d{1,15})\.([A-Za-z0-9+/=]*)$/;

export interface CommitMark {
  readonly nonce: string;
  /** Unix milliseconds, by the clock of the process that committed. */
  readonly committedAtMs: number;
}

export interface DecodedProgress extends CommitMark {
  readonly done: DoneMap;
}

export function encodeProgress({ nonce, committedAtMs }: CommitMark, done: DoneMap): string {
  const head = `BW1.${nonce}.${committedAtMs}.`;
  // Halving forgets the highest offsets first; a forgotten one is repeated after a crash, never lost.
  for (let bytes = Math.min(done.bitmap.length, maxBitmapBytes); bytes > 0; bytes = bytes >> 1) {
    const map = deflateRawSync(done.bitmap.subarray(0, bytes)).toString("base64");
    if (head.length + map.length <= maxMetadataBytes) return head + map;
  }
  return head;
}

/** `low` is the committed offset, `end` the end of the log (exclusive). null: not ours, or damaged. */
export function decodeProgress(metadata: string | null, low: number, end: number): DecodedProgress | null {
  const parts = metadata === null || metadata.length > maxMetadataBytes ? null : format.exec(metadata);
  if (parts === null) return null;
  const [, nonce = "", committedAtMs = "", map = ""] = parts;
  const bitmap = inflate(map);
  if (bitmap === null) return null;
  return { nonce, committedAtMs: Number(committedAtMs), done: clampTo({ low, bitmap }, end) };
}

function inflate(map: string): Uint8Array | null {
  if (map === "") return new Uint8Array(0);
  try {
    return inflateRawSync(Buffer.from(map, "base64"), { maxOutputLength: maxBitmapBytes });
  } catch {
    return null;
  }
}
