/**
 * The gateway's counter over Kafka. It follows harness-results itself, so it
 * hears of every result, whichever gateway took the run in.
 */
import { v7 } from "uuid";
import { commandKey } from "../../../schemas/control/command.ts";
import { maxRequestBytes } from "../../../schemas/records/run-request.ts";
import type { Store } from "../../ledger/clickhouse.ts";
import { cancellation, orderEmission } from "../../runtime/commands/order-record.ts";
import { PoisonRecordError } from "../../runtime/errors.ts";
import { parseResult } from "../../runtime/first-results.ts";
import type { LogReader } from "../../runtime/kafka/log-reader.ts";
import type { RecordProducer } from "../../runtime/kafka/producer.ts";
import { requestEmission, signingRequests } from "../../runtime/requests/request-record.ts";
import type { Publish } from "../../runtime/stage.ts";
import { openLiveResults, type LiveResults } from "./live-results.ts";
import { RecentMap } from "./recent-map.ts";
import type { Acceptance, Handed, NewRun, RunDesk, Standing } from "./run-desk.ts";

export interface RunDeskOptions {
  readonly reader: Pick<LogReader, "offsets" | "offsetAt" | "follow" | "recordAt">;
  readonly producer: Pick<RecordProducer, "publish">;
  readonly logger: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
    error(fields: object, message: string): void;
  };
  /** The ledger; null when there is none. One that does not answer is done without. */
  readonly store: Pick<Store, "query"> | null;
  /** BREAKWATER_SECRET_KEY, the same for all gateways. */
  readonly secretKey: string | undefined;
  /** BREAKWATER_GATEWAY_KEY: requests are signed with it. */
  readonly gatewayKey: string | undefined;
  readonly nowMs: () => number;
}

interface AcceptedRun {
  readonly clientId: string;
}

const mostAccepted = 200_000;

/** Resolves when it hears of every result to come: open the port then. Errors: TransientError broker_unavailable. */
export async function openRunDesk(options: RunDeskOptions): Promise<RunDesk & { close(): Promise<void> }> {
  const live = await openLiveResults(options);
  return new OpenRunDesk(options, live);
}

class OpenRunDesk implements RunDesk {
  readonly #options: RunDeskOptions;
  readonly #live: LiveResults;
  readonly #publish: Publish;
  readonly #accepted = new RecentMap<AcceptedRun>(mostAccepted);

  constructor(options: RunDeskOptions, live: LiveResults) {
    this.#options = options;
    this.#live = live;
    this.#publish = signingRequests((emissions) => options.producer.publish(emissions), options.gatewayKey);
  }

  async accept({ run }: Handed): Promise<Acceptance> {
    const runId = v7();
    await this.#publishRun(runId, run);
    return { kind: "accepted", runId, joined: false };
  }

  async wait(runId: string, { waitMs, signal }: Parameters<RunDesk["wait"]>[1]): Promise<Standing> {
    const { promise, resolve } = Promise.withResolvers<Standing>();
    const stop = this.#live.listen(runId, resolve);
    const timeUp = AbortSignal.any([AbortSignal.timeout(waitMs), signal]);
    const giveUp = (): void => resolve({ kind: "running" });
    try {
      const known = await this.#standing(runId);
      if (known !== null) return known;
      timeUp.addEventListener("abort", giveUp, { once: true });
      if (timeUp.aborted) giveUp();
      return await promise;
    } finally {
      timeUp.removeEventListener("abort", giveUp);
      stop();
    }
  }

  async find(runId: string, clientId: string): Promise<Standing | null> {
    const known = await this.#standing(runId);
    if (known?.kind === "ended") return known.result.client_id === clientId ? known : null;
    if (this.#accepted.get(runId)?.clientId !== clientId) return null;
    return known ?? { kind: "running" };
  }

  async cancel(runId: string, why: string): Promise<void> {
    const target = { scope: "run", run_id: runId } as const;
    const nowMs = this.#options.nowMs();
    await this.#publish([orderEmission(commandKey(target), cancellation(target, why, nowMs), nowMs)]);
  }

  async close(): Promise<void> {
    await this.#live.close();
  }

  async #publishRun(runId: string, run: NewRun): Promise<void> {
    const request = { ...run, run_id: runId };
    const bytes = Buffer.byteLength(JSON.stringify(request));
    if (bytes > maxRequestBytes)
      throw new PoisonRecordError("too_large", `the request has ${bytes} bytes; one holds at most ${maxRequestBytes}`);
    await this.#publish([requestEmission(request)]);
    this.#accepted.note(runId, { clientId: run.client_id });
  }

  async #standing(runId: string): Promise<Standing | null> {
    const place = this.#live.place(runId);
    if (place === null) return this.#live.isHeld(runId) ? { kind: "in_review" } : null;
    const record = await this.#options.reader.recordAt(place);
    const result = parseResult(record?.value ?? null);
    return result?.run_id === runId ? { kind: "ended", result } : null;
  }
}
