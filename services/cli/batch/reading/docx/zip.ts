/**
 * Reads named parts of a zip archive, as a docx is one. Takes nothing on trust:
 * every offset is checked, a part is inflated no further than the limit and
 * must have the length and checksum that the directory states. Encryption,
 * zip64 and archives in several files are refused.
 */
import { crc32, inflateRawSync } from "node:zlib";
import { Unreadable } from "../extraction.ts";

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
const endBytes = 22;
const maxCommentBytes = 0xffff;
const maxEntries = 20_000;

interface Entry {
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly localAt: number;
}

export interface ZipArchive {
  readonly names: readonly string[];
  /** null when there is no such part. @throws Unreadable. */
  read(name: string): Buffer | null;
}

/** @throws Unreadable `broken`; reading a part, also `encrypted` and `over_limit` (all parts read together inflate to more than `maxBytes`). */
export function openZip(file: Buffer, maxBytes: number): ZipArchive {
  const entries = guarded(() => readDirectory(file));
  let left = maxBytes;
  return {
    names: [...entries.keys()],
    read: (name) => {
      const entry = entries.get(name);
      if (entry === undefined) return null;
      if (entry.bytes > left) throw new Unreadable("over_limit", `its parts unpack to more than ${maxBytes} bytes`);
      left -= entry.bytes;
      return guarded(() => readEntry(file, entry));
    },
  };
}

/** Buffer's and zlib's complaints are about the file. */
function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    throw new Unreadable("broken", "its zip archive is damaged", { cause: error });
  }
}

function readDirectory(file: Buffer): ReadonlyMap<string, Entry> {
  const end = findEnd(file);
  const count = file.readUInt16LE(end + 10);
  if (file.readUInt16LE(end + 4) !== 0 || file.readUInt16LE(end + 8) !== count || count > maxEntries)
    throw new Unreadable("broken", "its zip archive is of a kind that is not read");
  const entries = new Map<string, Entry>();
  let at = file.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    if (file.readUInt32LE(at) !== entrySignature) throw new Unreadable("broken", "its zip directory is damaged");
    const nameEnd = at + 46 + file.readUInt16LE(at + 28);
    const name = file.toString("utf8", at + 46, nameEnd);
    // The first of a name counts: two readers that choose differently would see two documents.
    if (!entries.has(name)) entries.set(name, entryAt(file, at));
    at = nameEnd + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
  }
  return entries;
}

function entryAt(file: Buffer, at: number): Entry {
  return {
    flags: file.readUInt16LE(at + 8),
    method: file.readUInt16LE(at + 10),
    crc: file.readUInt32LE(at + 16),
    packedBytes: file.readUInt32LE(at + 20),
    bytes: file.readUInt32LE(at + 24),
    localAt: file.readUInt32LE(at + 42),
  };
}

/** The end record stands before a comment of unknown length: look for it from the back. */
function findEnd(file: Buffer): number {
  const lowest = Math.max(0, file.length - endBytes - maxCommentBytes);
  for (let at = file.length - endBytes; at >= lowest; at -= 1) {
    if (file.readUInt32LE(at) === endSignature) return at;
  }
  throw new Unreadable("broken", "it is no zip archive, or it was cut off");
}

function readEntry(file: Buffer, { flags, method, crc, packedBytes, bytes, localAt }: Entry): Buffer {
  if ((flags & 1) !== 0) throw new Unreadable("encrypted", "its parts are encrypted");
  if (file.readUInt32LE(localAt) !== localSignature) throw new Unreadable("broken", "its zip archive is damaged");
  const from = localAt + 30 + file.readUInt16LE(localAt + 26) + file.readUInt16LE(localAt + 28);
  const packed = file.subarray(from, from + packedBytes);
  if (packed.length !== packedBytes || (method !== 0 && method !== 8))
    throw new Unreadable("broken", "its zip archive is damaged");
  const content = method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: Math.max(1, bytes) });
  if (content.length !== bytes || crc32(content) !== crc)
    throw new Unreadable("broken", "a part of it does not have the checksum that it states");
  return content;
}
