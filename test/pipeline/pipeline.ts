/**
 * Joins stages by topic name, in memory. Delivers each record to the stage that
 * reads its topic, as often and in the order that a schedule says, several at
 * once; writes what comes of it with the headers the shell would set; and can
 * kill a stage between any two of its writes: a new instance then takes over
 * from the logs, and all that was not done is delivered again.
 */
import { PoisonRecordError, TransientError } from "../../services/runtime/errors.ts";
import type { LogRecord } from "../../services/runtime/kafka/log-reader.ts";
import type { ConsumedRecord, DeadLetter, Emission, Publish, Stage, Takeover } from "../../services/runtime/stage.ts";
import { deadLetterTopicOf, type ConsumedTopic } from "../../topics/catalog.ts";
import { MemoryLog } from "./memory-log.ts";

export interface Schedule {
  /** How often each record is delivered. */
  readonly copies: number;
  /** Deliveries under way at once. */
  readonly atOnce: number;
  /** Which of `count` waiting deliveries comes next. */
  readonly choose: (count: number) => number;
  /** Numbers of writes, counted per stage, at which the stage dies instead of writing. */
  readonly deaths?: Readonly<Partial<Record<Stage["name"], readonly number[]>>>;
}

export const inOrderOnce: Schedule = { copies: 1, atOnce: 4, choose: () => 0 };

export type StageFactory = (log: MemoryLog, worker: string) => Stage;

interface Delivery {
  readonly source: ConsumedTopic;
  readonly record: LogRecord;
}

class KilledError extends Error {}

interface Seat {
  readonly make: StageFactory;
  readonly waiting: Delivery[];
  readonly read: Map<string, number>;
  stage: Stage;
  worker: string;
  lives: number;
  writes: number;
  dead: boolean;
}

export class Pipeline {
  readonly log: MemoryLog;
  readonly #seats: Seat[];
  readonly #writers = new AbortController();

  constructor(factories: readonly StageFactory[], partitions = 3) {
    this.log = new MemoryLog(partitions);
    this.#seats = factories.map((make) => {
      const worker = "worker-1";
      const stage = make(this.log, worker);
      return { make, stage, worker, waiting: [], read: new Map(), lives: 1, writes: 0, dead: false };
    });
  }

  /** How often stages were started again. */
  get deaths(): number {
    return this.#seats.reduce((sum, { lives }) => sum + lives - 1, 0);
  }

  publish(key: string, value: Buffer | string | object, timestampMs = Date.now()): void {
    const bytes = Buffer.isBuffer(value) || typeof value === "string" ? Buffer.from(value) : toBytes(value);
    this.log.append({ topic: "harness-requests", key, value: bytes, headers: {}, timestampMs });
  }

  /** Runs until nothing is left to deliver. */
  async run(schedule: Schedule = inOrderOnce): Promise<void> {
    for (const seat of this.#seats) await this.#takeOver(seat);
    for (;;) {
      for (const seat of this.#seats) this.#readOn(seat, schedule.copies);
      const wave: Promise<void>[] = [];
      while (wave.length < schedule.atOnce) {
        const ready = this.#seats.filter(({ waiting }) => waiting.length > 0);
        const all = ready.flatMap((seat) => seat.waiting.map((delivery) => ({ seat, delivery })));
        const next = all[all.length === 0 ? 0 : schedule.choose(all.length) % all.length];
        if (next === undefined) break;
        next.seat.waiting.splice(next.seat.waiting.indexOf(next.delivery), 1);
        wave.push(this.#deliver(next.seat, next.delivery, schedule));
      }
      if (wave.length === 0) return;
      await Promise.all(wave);
      for (const seat of this.#seats) if (seat.dead) await this.#replace(seat);
    }
  }

  end(): void {
    this.#writers.abort();
    for (const { stage } of this.#seats) {
      for (let partition = 0; partition < this.log.partitions; partition++) stage.release?.(partition);
    }
  }

  #readOn(seat: Seat, copies: number): void {
    for (const source of seat.stage.sources) {
      const records = this.log.records(source);
      for (const record of records) {
        const place = `${source}/${record.partition}`;
        if (Number(record.offset) < (seat.read.get(place) ?? 0)) continue;
        seat.read.set(place, Number(record.offset) + 1);
        for (let copy = 0; copy < copies; copy++) seat.waiting.push({ source, record });
      }
    }
  }

  async #deliver(seat: Seat, delivery: Delivery, schedule: Schedule): Promise<void> {
    const { source, record } = delivery;
    const publish = this.#publisher(seat, record, schedule);
    const consumed: ConsumedRecord = { ...record, topic: source };
    try {
      const context = {
        publish,
        worker: seat.worker,
        clusterId: "memory",
        nowMs: Date.now,
        signal: this.#writers.signal,
      };
      const { emissions, deadLetter } = await seat.stage.process(consumed, context);
      // In the shell's order: an emission that is out may hide the record from the operator.
      if (deadLetter !== undefined) this.#bury(seat, consumed, deadLetter);
      await publish(emissions);
    } catch (error) {
      if (error instanceof PoisonRecordError) {
        this.#bury(seat, consumed, { code: error.code, message: error.message, disposition: "poison" });
      } else if (error instanceof KilledError || error instanceof TransientError) seat.waiting.push(delivery);
      else throw error;
    }
  }

  #publisher(seat: Seat, cause: LogRecord, { deaths = {} }: Schedule): Publish {
    const life = seat.lives;
    return async (emissions) => {
      const acks = [];
      for (const emission of emissions) {
        await Promise.resolve();
        if (seat.lives !== life || seat.dead) throw new KilledError();
        seat.writes += 1;
        seat.dead = deaths[seat.stage.name]?.includes(seat.writes) ?? false;
        if (seat.dead) throw new KilledError();
        acks.push(this.#append(seat, cause, emission));
      }
      return acks;
    };
  }

  /** What a stage writes by itself, of no record. */
  #ownWrites(seat: Seat): Publish {
    const life = seat.lives;
    return async (emissions) => {
      if (seat.lives !== life || seat.dead) throw new TransientError("partition_lost", "it is another's now");
      const cause = { topic: "", partition: 0, offset: 0n };
      return emissions.map((emission) => this.#append(seat, cause, emission));
    };
  }

  #append(
    seat: Seat,
    cause: Pick<LogRecord, "topic" | "partition" | "offset">,
    { topic, key, id, type, value }: Emission,
  ): LogRecord {
    const headers = {
      ce_specversion: "1.0",
      ce_id: id,
      ce_type: type,
      ce_source: `breakwater/${seat.stage.name}`,
      origin: `${cause.topic}/${cause.partition}/${cause.offset}`,
    };
    return this.log.append({ topic, key, value: toBytes(value), headers });
  }

  #bury(seat: Seat, record: ConsumedRecord, { code, disposition, message }: DeadLetter): void {
    const headers = { ...record.headers, stage: seat.stage.name, code, disposition, message };
    const topic = deadLetterTopicOf(record.topic);
    const key = record.key?.toString("utf8") ?? "";
    this.log.append({ topic, partition: record.partition, key, value: record.value, headers });
  }

  async #replace(seat: Seat): Promise<void> {
    for (let partition = 0; partition < this.log.partitions; partition++) seat.stage.release?.(partition);
    seat.lives += 1;
    seat.worker = `worker-${seat.lives}`;
    seat.stage = seat.make(this.log, seat.worker);
    seat.dead = false;
    await this.#takeOver(seat);
  }

  async #takeOver(seat: Seat): Promise<void> {
    for (let partition = 0; partition < this.log.partitions; partition++) {
      const takeover: Takeover = {
        partition,
        sources: seat.stage.sources.map((topic) => {
          const open = seat.waiting.flatMap(({ source, record }) =>
            source === topic && record.partition === partition ? [record] : [],
          );
          const endOffset = BigInt(seat.read.get(`${topic}/${partition}`) ?? 0);
          const offsets = open.map(({ offset }) => offset);
          const oldest = open.length === 0 ? null : Math.min(...open.map(({ timestampMs }) => timestampMs));
          const fromOffset = offsets.reduce((least, offset) => (offset < least ? offset : least), endOffset);
          return { topic, fromOffset, endOffset, committedAtMs: Date.now(), oldestTimestampMs: oldest };
        }),
      };
      const context = {
        publish: this.#ownWrites(seat),
        worker: seat.worker,
        clusterId: "memory",
        nowMs: Date.now,
        signal: this.#writers.signal,
      };
      await seat.stage.takeOver?.(takeover, context);
    }
  }
}

function toBytes(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
