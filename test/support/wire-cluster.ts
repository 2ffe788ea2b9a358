/**
 * A Kafka of several nodes in memory that takes Produce and Fetch requests as
 * bytes and answers in bytes, as far as services/runtime/kafka speaks them.
 * Leaders move when the test says so; the link's metadata grow old until it is
 * reset; answers can be lost after the write.
 */
import kafkajs from "kafkajs";
import type { Broker, WireRequest } from "kafkajs/src/cluster/index.js";
import { ByteReader } from "../../services/runtime/kafka/wire/byte-reader.ts";
import { ByteWriter } from "../../services/runtime/kafka/wire/byte-writer.ts";
import type { Link, OffsetAt } from "../../services/runtime/kafka/wire/cluster-link.ts";

interface Log {
  /** Whole record batches, their base offsets set. */
  batches: Buffer[];
  low: bigint;
  high: bigint;
}

const notLeader = 6;
const offsetOutOfRange = 1;
const produceKey = 0;

export class WireCluster implements Link {
  readonly #logs = new Map<string, Log>();
  #leaders = new Map<number, number>();
  #known = new Map<number, number>();
  /** Of the next answers, so many are lost after the broker did its work. */
  loseAnswers = 0;
  /** Called before each request is served. */
  onRequest: (nodeId: number) => void = () => undefined;
  /** At most so many batches of a partition in a Fetch answer. */
  batchesPerAnswer = 2;
  resets = 0;

  /** `leaders`: node by partition. */
  constructor(leaders: Readonly<Record<number, number>>) {
    this.#leaders = new Map(Object.entries(leaders).map(([partition, node]) => [Number(partition), node]));
    this.#known = new Map(this.#leaders);
  }

  /** The link learns of it when it is reset. */
  moveLeader(partition: number, nodeId: number): void {
    this.#leaders.set(partition, nodeId);
  }

  /** As retention does. */
  deleteBefore(partition: number, low: bigint): void {
    const log = this.#log(partition);
    log.low = low;
    log.batches = log.batches.filter((batch) => endOf(batch) > low);
  }

  batchesOf(partition: number): readonly Buffer[] {
    return this.#log(partition).batches;
  }

  leaders(): Promise<ReadonlyMap<number, number>> {
    return Promise.resolve(new Map([...this.#known].filter(([, node]) => node >= 0)));
  }

  partitions(): Promise<readonly number[]> {
    return Promise.resolve([...this.#known.keys()]);
  }

  offsets(_topic: string, partitions: readonly number[], at: OffsetAt): Promise<ReadonlyMap<number, bigint>> {
    const of = (partition: number) => (at === "first" ? this.#log(partition).low : this.#log(partition).high);
    return Promise.resolve(new Map(partitions.map((partition) => [partition, of(partition)])));
  }

  broker(nodeId: number): Promise<Broker> {
    const send = async <Answer>(request: WireRequest<Answer>): Promise<Answer> => {
      this.onRequest(nodeId);
      await new Promise((resolve) => setImmediate(resolve));
      const { buf } = await request.request.encode();
      const payload = request.request.apiKey === produceKey ? this.#produce(nodeId, buf) : this.#fetch(nodeId, buf);
      if (this.loseAnswers > 0) {
        this.loseAnswers -= 1;
        throw new kafkajs.KafkaJSConnectionError("the connection broke");
      }
      return await request.response.parse(await request.response.decode(payload));
    };
    return Promise.resolve({ nodeId, connectionPool: { send } });
  }

  reset(): void {
    this.resets += 1;
    this.#known = new Map(this.#leaders);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #log(partition: number): Log {
    const log = this.#logs.get(String(partition)) ?? { batches: [], low: 0n, high: 0n };
    this.#logs.set(String(partition), log);
    return log;
  }

  #produce(nodeId: number, request: Buffer): Buffer {
    const reader = new ByteReader(request);
    reader.skip(8);
    const topics = reader.list(() => {
      const topic = reader.string();
      return { topic, partitions: reader.list(() => this.#append(nodeId, reader)) };
    });
    if (reader.at !== reader.end) throw new Error("the Produce request is longer than what it says");
    const out = new ByteWriter(1000).int32(topics.length);
    for (const { topic, partitions } of topics) {
      out.string(topic).int32(partitions.length);
      for (const { partition, code, offset } of partitions)
        out.int32(partition).int16(code).int64(offset).int64(-1n).int64(0n);
    }
    return out.int32(0).bytes.subarray(0, out.at);
  }

  #append(
    nodeId: number,
    reader: ByteReader,
  ): { readonly partition: number; readonly code: number; readonly offset: bigint } {
    const partition = reader.int32();
    const batch = Buffer.from(reader.slice(reader.int32()));
    if (this.#leaders.get(partition) !== nodeId) return { partition, code: notLeader, offset: -1n };
    const log = this.#log(partition);
    const offset = log.high;
    batch.writeBigInt64BE(offset, 0);
    log.batches.push(batch);
    log.high = endOf(batch);
    return { partition, code: 0, offset };
  }

  #fetch(nodeId: number, request: Buffer): Buffer {
    const reader = new ByteReader(request);
    reader.skip(25);
    const answers = reader.list(() => ({
      topic: reader.string(),
      partitions: reader.list(() => this.#read(nodeId, reader)),
    }));
    const out = new ByteWriter(
      1000 + answers.flatMap(({ partitions }) => partitions).reduce((sum, { bytes }) => sum + bytes.length + 50, 0),
    );
    out.int32(0).int16(0).int32(0).int32(answers.length);
    for (const { topic, partitions } of answers) {
      out.string(topic).int32(partitions.length);
      for (const { partition, code, high, bytes } of partitions)
        out
          .int32(partition)
          .int16(code)
          .int64(high)
          .int64(high)
          .int64(0n)
          .int32(-1)
          .int32(-1)
          .int32(bytes.length)
          .raw(bytes);
    }
    return out.bytes.subarray(0, out.at);
  }

  #read(
    nodeId: number,
    reader: ByteReader,
  ): { readonly partition: number; readonly code: number; readonly high: bigint; readonly bytes: Buffer } {
    const partition = reader.int32();
    reader.skip(4);
    const from = reader.int64();
    reader.skip(12);
    const { batches, low, high } = this.#log(partition);
    if (this.#leaders.get(partition) !== nodeId)
      return { partition, code: notLeader, high: -1n, bytes: Buffer.alloc(0) };
    if (from < low || from > high) return { partition, code: offsetOutOfRange, high: -1n, bytes: Buffer.alloc(0) };
    const wanted = batches.filter((batch) => endOf(batch) > from);
    const whole = wanted.slice(0, this.batchesPerAnswer);
    // As a broker does that has reached the limit of bytes: the next batch is cut off.
    const cut = wanted[this.batchesPerAnswer]?.subarray(0, 40) ?? Buffer.alloc(0);
    return { partition, code: 0, high, bytes: Buffer.concat([...whole, cut]) };
  }
}

function endOf(batch: Buffer): bigint {
  return batch.readBigInt64BE(0) + BigInt(batch.readInt32BE(23)) + 1n;
}
