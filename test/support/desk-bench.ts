/**
 * Desks of the gateway over topics in memory, and what stands behind them: a
 * publisher whose acknowledgements and a reader whose records can be held back
 * or put into any order, and results as the stages write them.
 */
import { openRunDesk, type RunDeskOptions } from "../../services/gateway/runs/open-run-desk.ts";
import type { NewRun, RunDesk } from "../../services/gateway/runs/run-desk.ts";
import type { Publish } from "../../services/runtime/stage.ts";
import type { RunResult } from "../../schemas/records/run-result.ts";
import { idempotencyClaim, type IdempotencyClaim } from "../../schemas/records/idempotency.ts";
import { runRequest, type RunRequest } from "../../schemas/records/run-request.ts";
import type { TopicName } from "../../topics/catalog.ts";
import { okResult } from "../cli/memory-topics.ts";
import { MemoryLog } from "../pipeline/memory-log.ts";
import { silentLogger } from "./silent-logger.ts";

export const deskRun: NewRun = { client_id: "acme", harness: "summarise", input: { text: "Rope sales rose." } };

type Reader = RunDeskOptions["reader"];
export type TestDesk = Awaited<ReturnType<typeof openRunDesk>>;

export class DeskBench {
  readonly log = new MemoryLog(3);
  readonly #open: TestDesk[] = [];

  /** As the producer writes. */
  readonly publish: Publish = async (emissions) =>
    emissions.map(({ topic, key, id, type, value, headers }) => {
      const bytes = value === null ? null : Buffer.from(JSON.stringify(value));
      const all = { ...headers, ce_id: id, ce_type: type };
      const { partition, offset } = this.log.append({ topic, key, value: bytes, headers: all });
      return { topic, partition, offset };
    });

  get reader(): Reader {
    const { offsets, offsetAt, follow, recordAt } = this.log;
    return { offsets, offsetAt, follow, recordAt };
  }

  async desk(options: Partial<RunDeskOptions> = {}): Promise<TestDesk> {
    const desk = await openRunDesk({
      reader: this.reader,
      producer: { publish: this.publish },
      logger: silentLogger,
      store: null,
      secretKey: undefined,
      gatewayKey: undefined,
      nowMs: Date.now,
      ...options,
    });
    this.#open.push(desk);
    return desk;
  }

  async close(): Promise<void> {
    for (const desk of this.#open.splice(0)) await desk.close();
  }

  async end(runId: string, changes: Partial<RunResult> = {}): Promise<void> {
    const value = { ...okResult(runId), ...changes };
    await this.publish([{ topic: "harness-results", key: runId, id: runId, type: "breakwater.run.result", value }]);
  }

  async review(runId: string, event: "held" | "decided"): Promise<void> {
    const type = `breakwater.review.${event}`;
    await this.publish([{ topic: "harness-reviews", key: runId, id: `${runId}/${event}`, type, value: {} }]);
  }

  requests(): readonly RunRequest[] {
    return this.log.values("harness-requests").map((value) => runRequest.parse(value));
  }

  claims(): readonly IdempotencyClaim[] {
    return this.log.values("harness-idempotency").map((value) => idempotencyClaim.parse(value));
  }

  count(topic: TopicName): number {
    return this.log.records(topic).length;
  }
}

/** Hands a run in and tells its id. */
export async function handIn(desk: RunDesk, run: NewRun = deskRun, idempotencyKey?: string): Promise<string> {
  const acceptance = await desk.accept({ run, idempotencyKey });
  if (acceptance.kind !== "accepted") throw new Error(acceptance.kind);
  return acceptance.runId;
}

/** Waits as a client does that has all the time. */
export function outcome(desk: RunDesk, runId: string, waitMs = 60_000) {
  return desk.wait(runId, { waitMs, signal: new AbortController().signal });
}
