/**
 * Erases the keys whose time is over: of content whose harness says how long it
 * can be read, and of a day's unreadable dead letters. Of the first it is on
 * record in the audit: asked, before the key's end is written in its place on
 * the topic; complete, when the wrapped key has left the broker's disk. What is
 * still to be done stands on the topic alone, so a process that was killed is
 * followed by any other. Every input-scan does this; doing it twice changes
 * nothing. What fails is told, and tried again at the next turn.
 */
import type { AuditErasure } from "../../../schemas/audit/erasure.ts";
import type { ContentKeyRecord, EndedKey, RetentionKey } from "../../../schemas/control/content-key.ts";
import { day, keySweepMs, unreadableKeptMs } from "../../../topics/retention.ts";
import type { KafkaLogger } from "../kafka/client.ts";
import type { LogReader } from "../kafka/log-reader.ts";
import type { Emission, Publish } from "../stage.ts";
import { keyTopic, tombstoneOf } from "./content-keys.ts";
import type { Contents } from "./contents.ts";
import { compactsAfterMs, erasureRecord, nudgeOf, unlinkMs } from "./erasure-records.ts";
import { keysOnDisk } from "./keys-on-disk.ts";

export interface KeySweeperOptions {
  readonly reader: Pick<LogReader, "offsets" | "read">;
  readonly producer: { readonly publish: Publish };
  readonly contents: Pick<Contents, "keys" | "hashOf"> | null;
  readonly logger: KafkaLogger;
  readonly nowMs: () => number;
}

const by = { kind: "service", id: "input-scan" } as const;

export class KeySweeper {
  readonly #options: KeySweeperOptions;
  /** When each ended key was first seen to be gone from the log. */
  readonly #goneSinceMs = new Map<string, number>();
  #nudgedMs = 0;
  #turn: Promise<void> = Promise.resolve();

  constructor(options: KeySweeperOptions) {
    this.#options = options;
  }

  /** Looks at once, then every `keySweepMs`. Returns what ends it. */
  start(): () => Promise<void> {
    let isUnderWay = false;
    const look = () => {
      if (isUnderWay) return;
      isUnderWay = true;
      this.#turn = this.turn().finally(() => (isUnderWay = false));
    };
    look();
    const timer = setInterval(look, keySweepMs);
    return async () => {
      clearInterval(timer);
      await this.#turn;
    };
  }

  async turn(): Promise<void> {
    const { contents, logger } = this.#options;
    if (contents === null) return;
    try {
      const keys = await contents.keys.all();
      await this.#end(keys, contents);
      await this.#complete(keys.filter((key) => key.kind === "ended_key"));
    } catch (error) {
      logger.warn({ err: error }, "keys whose time is over could not be erased: they stay until the next turn");
    }
  }

  async #end(keys: readonly ContentKeyRecord[], contents: Pick<Contents, "hashOf">): Promise<void> {
    const { producer, nowMs } = this.#options;
    const now = nowMs();
    const over = keys.flatMap((key) =>
      key.kind === "retention_key" && key.content_until_ms <= now ? [endedOf(key, contents, now)] : [],
    );
    const days = keys.filter((key) => key.kind === "topic_key" && Date.parse(key.day) + day + unreadableKeptMs < now);
    if (over.length > 0) await producer.publish(over.map((ended) => auditOf(ended, "asked", now)));
    const ends = [...over.map(endOf), ...days.map(({ key_id: keyId }) => tombstoneOf(keyId))];
    if (ends.length > 0) await producer.publish(ends);
  }

  /** Of those that ended before this turn. */
  async #complete(ended: readonly EndedKey[]): Promise<void> {
    const { reader, producer, nowMs } = this.#options;
    const now = nowMs();
    const waiting = new Map(ended.map((key) => [key.key_id, key]));
    for (const keyId of this.#goneSinceMs.keys()) if (!waiting.has(keyId)) this.#goneSinceMs.delete(keyId);
    if (waiting.size === 0) return;
    const found = await keysOnDisk(reader, ({ key_id: keyId }) => waiting.has(keyId));
    const onDisk = new Set(found.map(({ key }) => key.key_id));
    const gone = ended.filter(({ key_id: keyId }) => !onDisk.has(keyId) && this.#isUnlinked(keyId, now));
    if (onDisk.size > 0) await this.#nudge(ended, now);
    if (gone.length === 0) return;
    await producer.publish(gone.map((key) => auditOf(key, "complete", now)));
    await producer.publish(gone.map(({ key_id: keyId }) => tombstoneOf(keyId)));
  }

  #isUnlinked(keyId: string, now: number): boolean {
    const since = this.#goneSinceMs.get(keyId);
    if (since === undefined) this.#goneSinceMs.set(keyId, now);
    return since !== undefined && now - since >= unlinkMs;
  }

  async #nudge(ended: readonly EndedKey[], now: number): Promise<void> {
    const lastMs = Math.max(this.#nudgedMs, ...ended.map(({ ended_at_ms: atMs }) => atMs));
    if (now - lastMs <= compactsAfterMs) return;
    this.#nudgedMs = now;
    await this.#options.producer.publish([nudgeOf(now)]);
  }
}

function endedOf(key: RetentionKey, { hashOf }: Pick<Contents, "hashOf">, now: number): EndedKey {
  const { key_id, client_id, subject_id, content_until_ms } = key;
  const hmac = subject_id === undefined ? null : hashOf(subject_id);
  return {
    kind: "ended_key",
    key_id,
    client_id,
    ...(hmac === null ? {} : { subject_hmac: hmac }),
    content_until_ms,
    ended_at_ms: now,
  };
}

function endOf(ended: EndedKey): Emission {
  const { key_id: key } = ended;
  return { topic: keyTopic, key, id: `${key}/ended`, type: "breakwater.content_key.ended", value: ended };
}

function auditOf(ended: EndedKey, state: AuditErasure["state"], now: number): Emission {
  const { key_id, client_id, subject_hmac, content_until_ms } = ended;
  const why = `its retention was over at ${new Date(content_until_ms).toISOString()}`;
  return erasureRecord({ decided_at_ms: now, by, state, key_id, client_id, subject_hmac, why });
}
