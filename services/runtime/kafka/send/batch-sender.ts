/**
 * Sends one batch at a time until every record of it is written or refused.
 * What the cluster did not confirm (no answer, no leader, too few replicas) is
 * sent again over new connections, within a time limit; then its records fail
 * with TransientError broker_unavailable. A record may so be written twice:
 * ids are deterministic, readers take the first. What a topic finds too large
 * fails alone, not with its neighbours.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { createErrorFromCode } from "kafkajs/src/protocol/error.js";
import { PoisonRecordError, TransientError } from "../../errors.ts";
import type { KafkaLogger } from "../client.ts";
import type { LaneBatch } from "./send-queue.ts";

export type LaneAnswer =
  | { readonly kind: "written"; readonly baseOffset: bigint }
  | { readonly kind: "refused"; readonly code: number }
  /** Not known to be written. */
  | { readonly kind: "unconfirmed"; readonly cause: unknown };

/** The edge to the cluster. One answer per lane, in order; throws only what no repetition can mend. */
export interface LaneTransport {
  send(lanes: readonly LaneBatch[]): Promise<readonly LaneAnswer[]>;
  /** Connect anew before the next send. */
  reset(): void;
  close(): Promise<void>;
}

export interface SenderOptions {
  readonly transport: LaneTransport;
  readonly logger: KafkaLogger;
  /** How long an unconfirmed batch is sent again, milliseconds. */
  readonly retryForMs: number;
}

const firstDelayMs = 100;
const longestDelayMs = 2000;
const tooLargeCodes: readonly number[] = [10, 18];

/** Settles every record of the batch; never throws. */
export async function sendBatch(
  batch: readonly LaneBatch[],
  { transport, logger, retryForMs }: SenderOptions,
): Promise<void> {
  const deadline = Date.now() + retryForMs;
  let delayMs = firstDelayMs;
  let open = batch;
  while (open.length > 0) {
    const { unconfirmed, apart, cause } = await sendOnce(open, transport);
    for (const lane of apart) await sendBatch([lane], { transport, logger, retryForMs });
    open = unconfirmed;
    if (open.length === 0) return;
    transport.reset();
    if (Date.now() + delayMs > deadline)
      return fail(open, new TransientError("broker_unavailable", "Kafka confirmed no write in time", cause));
    logger.warn({ lanes: open.length, cause: String(cause) }, "records not confirmed, sending them again");
    await sleep(delayMs);
    delayMs = Math.min(delayMs * 2, longestDelayMs);
  }
}

interface Sent {
  readonly unconfirmed: readonly LaneBatch[];
  /** To be sent one record at a time. */
  readonly apart: readonly LaneBatch[];
  readonly cause: unknown;
}

async function sendOnce(lanes: readonly LaneBatch[], transport: LaneTransport): Promise<Sent> {
  const answers = await transport.send(lanes).catch((error: unknown) => {
    fail(lanes, error instanceof Error ? error : new Error(String(error)));
    return null;
  });
  const unconfirmed: LaneBatch[] = [];
  const apart: LaneBatch[] = [];
  let cause: unknown = null;
  if (answers !== null) {
    lanes.forEach((lane, index) => {
      const answer = answers[index] ?? { kind: "unconfirmed", cause: "no answer for this partition" };
      if (answer.kind === "written") lane.records.forEach(({ settle }, at) => settle(answer.baseOffset + BigInt(at)));
      else if (answer.kind === "refused") apart.push(...refuse(lane, answer.code));
      else {
        unconfirmed.push(lane);
        cause = answer.cause;
      }
    });
  }
  return { unconfirmed, apart, cause };
}

/** Fails the lane; or returns its records one by one when only some can be at fault. */
function refuse(lane: LaneBatch, code: number): readonly LaneBatch[] {
  const error = createErrorFromCode(code);
  if (!tooLargeCodes.includes(code)) {
    fail(
      [lane],
      new Error(`Kafka refused records for ${lane.topic}/${lane.partition}: ${error.message}`, { cause: error }),
    );
    return [];
  }
  if (lane.records.length > 1) return lane.records.map((record) => ({ ...lane, records: [record] }));
  fail([lane], new PoisonRecordError("too_large", `a record is larger than ${lane.topic} takes`, error));
  return [];
}

function fail(lanes: readonly LaneBatch[], error: Error): void {
  for (const lane of lanes) for (const { settle } of lane.records) settle(error);
}
