/**
 * Idempotency-Keys over all gateways: a claim is written to harness-idempotency
 * and counts only when it has come back as the first of its key. Every gateway
 * follows the topic, so the same key at two of them at once leads to one run,
 * and a key is known wherever the client asks again.
 */
import { idempotencyClaim, type IdempotencyClaim } from "../../../../schemas/records/idempotency.ts";
import { TransientError } from "../../../runtime/errors.ts";
import type { LogReader, LogRecord } from "../../../runtime/kafka/log-reader.ts";
import { partitionOf } from "../../../runtime/kafka/murmur2.ts";
import type { Emission, Publish } from "../../../runtime/stage.ts";
import { followTopic } from "../../../runtime/kafka/read/follow-topic.ts";
import { ClaimBook, mostClaims, readBackMs } from "./claim-book.ts";

export interface ClaimLog {
  readonly reader: Pick<LogReader, "offsets" | "offsetAt" | "follow" | "recordAt">;
  readonly publish: Publish;
  readonly nowMs: () => number;
}

const topic = "harness-idempotency";
/** An acknowledged claim is read back in milliseconds; this long when the broker goes away in between. */
const readBackForMs = 10_000;

/** Resolves when all claims are known that count. Errors: TransientError broker_unavailable. */
export async function openClaims(log: ClaimLog): Promise<Claims> {
  const ends = await log.reader.offsets(topic);
  const claims = new Claims(log, ends.size);
  const most = BigInt(Math.ceil(mostClaims / Math.max(1, ends.size)));
  const starts = await Promise.all(
    [...ends].map(async ([partition, { low, high }]) => {
      const from = await log.reader.offsetAt(topic, partition, log.nowMs() - readBackMs);
      return { partition, from: [low, high - most, from].reduce((left, right) => (left > right ? left : right)) };
    }),
  );
  await claims.start(starts);
  return claims;
}

export class Claims {
  readonly #log: ClaimLog;
  readonly #partitions: number;
  readonly #book = new ClaimBook();
  /** Own claims that have not come back yet, by run id: told the offset of the claim that counts. */
  readonly #awaited = new Map<string, (offset: number) => void>();
  readonly #closing = new AbortController();
  #ended: Promise<void> = Promise.resolve();

  constructor(log: ClaimLog, partitions: number) {
    this.#log = log;
    this.#partitions = partitions;
  }

  async start(starts: readonly { readonly partition: number; readonly from: bigint }[]): Promise<void> {
    const onRecord = (record: LogRecord): void => this.#pass(record);
    const { signal } = this.#closing;
    ({ ended: this.#ended } = await followTopic(this.#log.reader, { topic, starts, onRecord, signal }));
  }

  /** The claim that counts for the key: an earlier one or, acknowledged and read back, this one. Errors: TransientError broker_unavailable. */
  async settle(claim: IdempotencyClaim): Promise<IdempotencyClaim> {
    const standing = this.#book.standing(claim.key_sha256, this.#log.nowMs());
    const earlier = standing === undefined ? null : await this.#read(claim, standing);
    if (earlier !== null) return earlier;
    const { written, counts } = await this.#write(claim);
    if (written === counts) return claim;
    const first = await this.#read(claim, counts);
    if (first === null) throw new TransientError("broker_unavailable", "the first claim of a key cannot be read");
    return first;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#ended;
  }

  /** Resolves to where it stands, and where the claim that counts does. */
  async #write(claim: IdempotencyClaim): Promise<{ readonly written: number; readonly counts: number }> {
    const { run_id: id, key_sha256: key } = claim;
    const passed = Promise.withResolvers<number>();
    this.#awaited.set(id, passed.resolve);
    const late = new TransientError("broker_unavailable", "a claim was not read back in time");
    let timer: NodeJS.Timeout | undefined;
    try {
      const [ack] = await this.#log.publish([
        { topic, key, id, type: "breakwater.idempotency.claim", value: claim } satisfies Emission,
      ]);
      timer = setTimeout(() => passed.reject(late), readBackForMs);
      return { written: Number(ack?.offset ?? -1), counts: await passed.promise };
    } finally {
      clearTimeout(timer);
      this.#awaited.delete(id);
    }
  }

  async #read({ key_sha256: key }: IdempotencyClaim, offset: number): Promise<IdempotencyClaim | null> {
    const place = { topic, partition: partitionOf(key, this.#partitions), offset: BigInt(offset) };
    const record = await this.#log.reader.recordAt(place);
    return record?.value ? readClaim(record.value) : null;
  }

  /** The record's key and id say all that the book needs: its value is read when somebody asks. */
  #pass({ key, offset, timestampMs, headers }: LogRecord): void {
    const keySha256 = key?.toString("latin1") ?? "";
    if (!/^[0-9a-f]{64}$/.test(keySha256)) return;
    const counts = this.#book.take(keySha256, Number(offset), timestampMs);
    if (this.#awaited.size > 0) this.#awaited.get(headers["ce_id"] ?? "")?.(counts);
  }
}

function readClaim(value: Buffer): IdempotencyClaim | null {
  try {
    return idempotencyClaim.parse(JSON.parse(value.toString("utf8")));
  } catch {
    return null;
  }
}
