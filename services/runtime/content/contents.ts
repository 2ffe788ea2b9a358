/**
 * Where content is sealed and opened, for every process that may see any: what
 * is written about a run that names a data subject, or whose harness says how
 * long it can be read, is sealed on its way to the broker, and opened on its way
 * from it. Stages, views and commands see plain
 * content, or `erasedContent` where the key is gone. Records of other runs pass
 * untouched: they cost one look at their headers. What stands for content in the
 * audit is hashed on the same way, under the same keys.
 */
import type { DeadLetter, Emission, StandsFor } from "../stage.ts";
import { openBox, sealBox } from "../secrets/box.ts";
import { hasherUnder, type ContentHasher } from "./content-hash.ts";
import type { ContentKeys, FoundKey } from "./content-keys.ts";
import { contentPathsIn, isOpen, keysNeeded, openFields, ownerIn, sealFields } from "./record-content.ts";

/** Of a record whose content fields are sealed: under which key. */
export const sealedHeader = "breakwater-sealed";
/** Of a dead letter whose whole value is a box: under which key. */
export const sealedValueHeader = "breakwater-sealed-value";

export interface Readable {
  readonly topic: string;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** A dead letter's source, as far as sealing its value goes. */
interface Source extends Readable {
  readonly partition: number;
  readonly offset: bigint;
}

export interface SealedValue {
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

interface ContentsParts {
  readonly keys: ContentKeys;
  /** Of content that is not sealed; null without a secret key. */
  readonly hasher: ContentHasher | null;
  readonly nowMs: () => number;
}

export class Contents {
  readonly keys: ContentKeys;
  readonly #hasher: ContentHasher | null;
  readonly #nowMs: () => number;

  constructor({ keys, hasher, nowMs }: ContentsParts) {
    this.keys = keys;
    this.#hasher = hasher;
    this.#nowMs = nowMs;
  }

  /** Errors: PoisonRecordError content_sealed without a key to seal under; TransientError broker_unavailable. */
  seal(emission: Emission): Emission | Promise<Emission> {
    if (emission.standsFor !== undefined) return this.#hash(emission, emission.standsFor);
    const paths = contentPathsIn(emission.topic);
    const owner = paths.length === 0 ? undefined : ownerIn(emission.value);
    if (owner === undefined || !isOpen(emission.value, paths)) return emission;
    return this.keys.keyFor(owner).then((key) => ({
      ...emission,
      value: sealFields(emission.value, paths, key),
      headers: { ...emission.headers, [sealedHeader]: key.keyId },
    }));
  }

  /** Errors: TransientError broker_unavailable. */
  open<R extends Readable>(record: R): R | Promise<R> {
    const { topic, value, headers } = record;
    if (value === null) return record;
    const keyId = headers[sealedValueHeader];
    if (keyId !== undefined) return this.#openValue(record, value, keyId);
    return headers[sealedHeader] === undefined ? record : this.#openFields(record, value, topic);
  }

  /**
   * The value and headers that a dead letter gets: what its source holds in the clear of a data subject, or of nobody
   * can tell whom, is sealed. Errors: TransientError broker_unavailable.
   */
  async sealDeadLetter(source: Source, reason: DeadLetter): Promise<SealedValue> {
    const { value, headers } = source;
    if (value === null || sealedHeader in headers || sealedValueHeader in headers) return source;
    const subject = reason.subject ?? (reason.disposition === "poison" ? "unknown" : undefined);
    if (subject === undefined || !this.keys.canSeal) return source;
    const day = new Date(this.#nowMs()).toISOString().slice(0, "2026-11-23".length);
    const { keyId, key } = await this.keys.keyFor(subject === "unknown" ? { topic: source.topic, day } : subject);
    return { value: sealBox(key, value), headers: { ...headers, [sealedValueHeader]: keyId } };
  }

  /** Of what is no sealed content, a subject's name among it; null without a secret key. */
  readonly hashOf = (value: unknown): string | null => this.#hasher?.hashOf(value) ?? null;

  close(): Promise<void> {
    return this.keys.close();
  }

  #hash(emission: Emission, { owner, ...content }: StandsFor): Emission | Promise<Emission> {
    if (!this.keys.canSeal || this.#hasher === null) return emission;
    // No key is made for nothing, least of all after an erasure.
    if (content.input === undefined && content.output === undefined) return emission;
    if (owner === undefined) return hashedBy(this.#hasher, emission, content);
    return this.keys.keyFor(owner).then((key) => hashedBy(hasherUnder(key), emission, content));
  }

  async #openValue<R extends Readable>(record: R, box: Buffer, keyId: string): Promise<R> {
    const found = await this.keys.find(keyId);
    if (found.kind === "locked") return record;
    const value = found.kind === "key" ? openBox(found.key, box) : null;
    if (value === null) return { ...record, value };
    const { [sealedValueHeader]: _opened, ...headers } = record.headers;
    return { ...record, value, headers };
  }

  async #openFields<R extends Readable>(record: R, bytes: Buffer, topic: string): Promise<R> {
    const paths = contentPathsIn(topic);
    const value = parsed(bytes);
    const keys = new Map<string, FoundKey>();
    for (const keyId of keysNeeded(value, paths)) keys.set(keyId, await this.keys.find(keyId));
    if (keys.size === 0) return record;
    return { ...record, value: Buffer.from(JSON.stringify(openFields(value, paths, keys))) };
  }
}

function hashedBy(hasher: ContentHasher, emission: Emission, { input, output }: Omit<StandsFor, "owner">): Emission {
  const hashes = {
    ...(input === undefined ? {} : { input_hmac: hasher.hashOf(input) }),
    ...(output === undefined ? {} : { output_hmac: hasher.hashOf(output) }),
  };
  return { ...emission, value: { ...Object(emission.value), ...hashes } };
}

/** Undefined for what is not JSON: whoever reads the record says so. */
function parsed(bytes: Buffer): unknown {
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    return value;
  } catch {
    return undefined;
  }
}
