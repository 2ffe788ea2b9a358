/**
 * The keys of content, from harness-subject-keys: found by id, and by whose
 * content they are for, where one is made when there is none. Read when first
 * asked for, then followed: a tombstone drops its key from this process at once.
 * A key whose id is not on the topic is erased, as it is there before anything
 * is sealed under it; so is one whose time is over by this process's clock. Data
 * keys are held unwrapped within a bound.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { contentKeyRecord, type ContentKeyRecord, type EndedKey } from "../../../schemas/control/content-key.ts";
import { openControlTable, type ControlTable, type ControlTableOptions } from "../control-table.ts";
import { PoisonRecordError } from "../errors.ts";
import type { KeyService } from "../secrets/key-service.ts";
import type { ContentOwner, Emission, Publish } from "../stage.ts";

export interface DataKey {
  readonly keyId: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

export type FoundKey =
  | { readonly kind: "key"; readonly key: Buffer }
  /** Nobody will ever open what it sealed. */
  | { readonly kind: "erased" }
  /** It is there, but this process cannot unwrap it. */
  | { readonly kind: "locked" };

/** Whose content a key is for. */
export type KeyOwner = ContentOwner | { readonly topic: string; readonly day: string };

interface HeldKey {
  readonly key: Buffer;
  readonly untilMs: number;
}

export interface ContentKeysOptions extends Pick<ControlTableOptions<ContentKeyRecord>, "reader" | "logger"> {
  readonly publish: Publish;
  /** Null: this process makes and unwraps no keys. */
  readonly service: KeyService | null;
  readonly nowMs: () => number;
}

export const keyTopic = "harness-subject-keys";
const keyBytes = 32;
/** About 200 bytes each. */
const mostRemembered = 50_000;

export class ContentKeys {
  readonly #options: ContentKeysOptions;
  #opened: Promise<ControlTable<ContentKeyRecord>> | null = null;
  readonly #idsOf = new Map<string, Set<string>>();
  readonly #ownerOf = new Map<string, string>();
  readonly #unwrapped = new Map<string, HeldKey>();
  readonly #erased = new Map<string, true>();
  readonly #making = new Map<string, Promise<DataKey>>();

  constructor(options: ContentKeysOptions) {
    this.#options = options;
  }

  get canSeal(): boolean {
    return this.#options.service !== null;
  }

  /** Errors: TransientError broker_unavailable. */
  async find(keyId: string): Promise<FoundKey> {
    const held = this.#unwrapped.get(keyId);
    if (held !== undefined) return this.#unlessOver(held);
    if (this.#erased.has(keyId)) return { kind: "erased" };
    const table = await this.#table();
    if (table.get(keyId) === undefined) await table.catchUp();
    const record = livingOf(table.get(keyId));
    if (record === undefined) {
      remember(this.#erased, keyId, true);
      return { kind: "erased" };
    }
    const key = (await this.#options.service?.unwrap(keyId, record)) ?? null;
    if (key === null) return { kind: "locked" };
    if (livingOf(table.get(keyId)) === undefined) return { kind: "erased" };
    const opened = { key, untilMs: endOf(record) };
    remember(this.#unwrapped, keyId, opened);
    return this.#unlessOver(opened);
  }

  /**
   * The owner's first key that opens here, else a new one; where the content's time is over already, one that nobody
   * will ever have. Errors: PoisonRecordError content_sealed without a key service; TransientError.
   */
  async keyFor(owner: KeyOwner): Promise<DataKey> {
    if (endOf(owner) <= this.#options.nowMs()) return { keyId: newIdFor(owner), key: randomBytes(keyBytes) };
    await this.#table();
    const name = nameOf(owner);
    for (const keyId of this.#idsOf.get(name) ?? []) {
      const found = await this.find(keyId);
      if (found.kind === "key") return { keyId, key: found.key };
    }
    const making = this.#making.get(name) ?? this.#make(owner).finally(() => this.#making.delete(name));
    this.#making.set(name, making);
    return await making;
  }

  /** Those on the topic, the oldest first. Errors: TransientError broker_unavailable. */
  async all(): Promise<readonly ContentKeyRecord[]> {
    const table = await this.#table();
    await table.catchUp();
    return [...table.entries().values()];
  }

  /** Resolves when the tombstones are acknowledged. */
  async erase(keyIds: readonly string[]): Promise<void> {
    await this.#options.publish(keyIds.map(tombstoneOf));
  }

  async close(): Promise<void> {
    await (await this.#opened?.catch(() => null))?.close();
  }

  async #make(owner: KeyOwner): Promise<DataKey> {
    const { service, publish, nowMs } = this.#options;
    if (service === null)
      throw new PoisonRecordError("content_sealed", "there is no key to seal a data subject's content under");
    const keyId = newIdFor(owner);
    const key = randomBytes(keyBytes);
    const value = {
      kind: kindOf(owner),
      key_id: keyId,
      ...owner,
      ...(await service.wrap(keyId, key)),
      created_at_ms: nowMs(),
    };
    await publish([{ topic: keyTopic, key: keyId, id: keyId, type: "breakwater.content_key", value }]);
    // Else the next run of the same owner would find none yet, and make another.
    await (await this.#table()).catchUp();
    remember(this.#unwrapped, keyId, { key, untilMs: endOf(owner) });
    return { keyId, key };
  }

  #unlessOver({ key, untilMs }: HeldKey): FoundKey {
    return untilMs <= this.#options.nowMs() ? { kind: "erased" } : { kind: "key", key };
  }

  #table(): Promise<ControlTable<ContentKeyRecord>> {
    this.#opened ??= this.#open().catch((error: unknown) => {
      this.#opened = null;
      throw error;
    });
    return this.#opened;
  }

  async #open(): Promise<ControlTable<ContentKeyRecord>> {
    const { reader, logger } = this.#options;
    const table = await openControlTable({ reader, topic: keyTopic, parse: readKey, logger });
    for (const [keyId, record] of table.entries()) this.#note(keyId, record);
    table.onChange((keyId, record) => this.#note(keyId, record));
    return table;
  }

  #note(keyId: string, noted: ContentKeyRecord | undefined): void {
    const known = this.#ownerOf.get(keyId);
    const record = livingOf(noted);
    if (record === undefined) {
      this.#unwrapped.delete(keyId);
      this.#ownerOf.delete(keyId);
      const ids = known === undefined ? undefined : this.#idsOf.get(known);
      ids?.delete(keyId);
      if (known !== undefined && ids?.size === 0) this.#idsOf.delete(known);
      return;
    }
    this.#erased.delete(keyId);
    if (known !== undefined) return;
    const name = nameOf(record);
    this.#ownerOf.set(keyId, name);
    this.#idsOf.set(name, (this.#idsOf.get(name) ?? new Set()).add(keyId));
  }
}

/** Erases the key, and with it all that it sealed. */
export function tombstoneOf(keyId: string): Emission {
  return { topic: keyTopic, key: keyId, id: `${keyId}/erased`, type: "breakwater.content_key.erased", value: null };
}

type LivingKey = Exclude<ContentKeyRecord, EndedKey>;

function livingOf(record: ContentKeyRecord | undefined): LivingKey | undefined {
  return record?.kind === "ended_key" ? undefined : record;
}

function kindOf(owner: KeyOwner): LivingKey["kind"] {
  if ("topic" in owner) return "topic_key";
  return owner.content_until_ms === undefined ? "subject_key" : "retention_key";
}

function newIdFor(owner: KeyOwner): string {
  return `${"topic" in owner ? "t" : "s"}-${randomUUID().replaceAll("-", "")}`;
}

/** Of a topic's key the sweeper knows. */
function endOf(owner: KeyOwner | LivingKey): number {
  return ("content_until_ms" in owner ? owner.content_until_ms : undefined) ?? Infinity;
}

function nameOf(owner: KeyOwner | LivingKey): string {
  if ("topic" in owner) return JSON.stringify([owner.topic, owner.day]);
  return JSON.stringify(["", owner.client_id, owner.subject_id ?? null, endOf(owner)]);
}

/** The first to come is the first to go. */
function remember<V>(map: Map<string, V>, key: string, value: V): void {
  if (map.size >= mostRemembered)
    for (const oldest of map.keys()) return void (map.delete(oldest), map.set(key, value));
  map.set(key, value);
}

function readKey(value: unknown, key: string): ContentKeyRecord {
  const record = contentKeyRecord.parse(value);
  if (record.key_id !== key) throw new Error(`the record is of ${record.key_id}, its key is not`);
  return record;
}
