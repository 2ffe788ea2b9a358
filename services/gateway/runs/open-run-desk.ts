/**
 * The gateway's counter over Kafka. It follows harness-results itself, so it
 * hears of every result whichever gateway took the run in, and keeps nothing
 * that another gateway could not find: claims, requests and results are on
 * their topics.
 */
import type { Actor } from "../../../schemas/audit/change.ts";
import { v7 } from "uuid";
import { maxRequestBytes } from "../../../schemas/records/run-request.ts";
import type { Store } from "../../ledger/clickhouse.ts";
import { PoisonRecordError, TransientError } from "../../runtime/errors.ts";
import type { LogReader } from "../../runtime/kafka/log-reader.ts";
import type { RecordProducer } from "../../runtime/kafka/producer.ts";
import { requestEmission, signingRequests } from "../../runtime/requests/request-record.ts";
import type { Publish } from "../../runtime/stage.ts";
import { attributes as names } from "../../runtime/telemetry/names.ts";
import { inSendSpan } from "../../runtime/telemetry/send-span.ts";
import { tellChanges } from "../../runtime/audit/change-record.ts";
import { orderChange } from "../../runtime/audit/order-change.ts";
import { Cancellations } from "./cancellations.ts";
import { openClaimKeys, type ClaimKeys, type KeyedRun } from "./claims/claim-keys.ts";
import { openClaims, type Claims } from "./claims/claims.ts";
import { openLiveResults, type LiveResults } from "./live-results.ts";
import { endOf, PastRuns, type PastRun } from "./past/past-runs.ts";
import { RecentMap } from "./recent-map.ts";
import type { Acceptance, Handed, NewRun, RunDesk, Standing } from "./run-desk.ts";

export interface RunDeskOptions {
  readonly reader: Pick<LogReader, "offsets" | "offsetAt" | "follow" | "recordAt">;
  readonly producer: Pick<RecordProducer, "publish">;
  readonly logger: { warn(fields: object, message: string): void };
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
  /** Its result stands at this offset of its partition or after it; null when it may stand anywhere. */
  readonly resultFrom: number | null;
}

interface DeskParts {
  readonly live: LiveResults;
  readonly claims: Claims;
  readonly past: PastRuns;
  readonly publish: Publish;
}

const mostAccepted = 200_000;

/** Resolves when it hears of every result to come: open the port then. Errors: TransientError broker_unavailable. */
export async function openRunDesk(options: RunDeskOptions): Promise<RunDesk & { close(): Promise<void> }> {
  const publish = signingRequests((emissions) => options.producer.publish(emissions), options.gatewayKey);
  const live = await openLiveResults(options);
  const claims = await openClaims({ reader: options.reader, publish, nowMs: options.nowMs });
  return new OpenRunDesk(options, { live, claims, past: new PastRuns(options), publish });
}

class OpenRunDesk implements RunDesk {
  readonly #options: RunDeskOptions;
  readonly #parts: DeskParts;
  readonly #keys: ClaimKeys;
  readonly #cancellations: Cancellations;
  readonly #accepted = new RecentMap<AcceptedRun>(mostAccepted);
  /** Publishing that is under way, by run id: who joins one waits for it. */
  readonly #publishing = new Map<string, Promise<void>>();

  constructor(options: RunDeskOptions, parts: DeskParts) {
    this.#options = options;
    this.#parts = parts;
    this.#keys = openClaimKeys(options.secretKey);
    this.#cancellations = new Cancellations((runId) => parts.live.place(runId) !== null);
  }

  async accept({ run, idempotencyKey }: Handed): Promise<Acceptance> {
    const runId = v7();
    refuseTooLarge(run, runId);
    if (idempotencyKey !== undefined) return await this.#acceptOnce({ run, idempotencyKey }, runId);
    await this.#publishNew(run, runId);
    return { kind: "accepted", runId, joined: false };
  }

  async wait(runId: string, { waitMs, signal }: Parameters<RunDesk["wait"]>[1]): Promise<Standing> {
    const heard = Promise.withResolvers<Standing>();
    const stopListening = this.#parts.live.listen(runId, heard.resolve);
    const given = Promise.withResolvers<Standing>();
    const giveUp = (): void => given.resolve({ kind: "running" });
    const timer = setTimeout(giveUp, waitMs);
    signal.addEventListener("abort", giveUp, { once: true });
    if (signal.aborted) giveUp();
    try {
      return await Promise.race([this.#standing(runId, heard.promise), given.promise]);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", giveUp);
      stopListening();
    }
  }

  async find(runId: string, clientId: string): Promise<Standing | null> {
    const accepted = this.#accepted.get(runId);
    if (accepted !== undefined && accepted.clientId !== clientId) return null;
    const known = await this.#known(runId);
    return known?.clientId === clientId ? known.standing : null;
  }

  async cancel(runId: string, why: string, by: Actor): Promise<void> {
    const order = this.#cancellations.order(runId, why, this.#options.nowMs());
    await tellChanges(this.#parts.publish, by, [orderChange({ scope: "run", run_id: runId }, { why })]);
    await this.#parts.publish(order);
  }

  async close(): Promise<void> {
    await this.#parts.claims.close();
    await this.#parts.live.close();
  }

  async #acceptOnce(keyed: KeyedRun, runId: string): Promise<Acceptance> {
    const { deadline_at_ms, correlation_id, client_id } = keyed.run;
    const claim = await this.#parts.claims.settle({
      kind: "claim",
      client_id,
      key_sha256: this.#keys.keySha256(keyed),
      run_id: runId,
      body_hmac: this.#keys.bodyHmac(keyed),
      deadline_at_ms,
      correlation_id,
      claimed_at_ms: this.#options.nowMs(),
    });
    if (!this.#keys.isFor(claim, keyed)) return { kind: "key_conflict" };
    const joined = claim.run_id !== runId;
    if (!joined) await this.#publishNew(keyed.run, runId);
    else {
      const { deadline_at_ms: deadline, correlation_id: correlation } = claim;
      const run = { ...keyed.run, deadline_at_ms: deadline, correlation_id: correlation };
      await this.#once(claim.run_id, () => this.#publishAgain(run, claim.run_id));
    }
    return { kind: "accepted", runId: claim.run_id, joined };
  }

  #publishNew(run: NewRun, runId: string): Promise<void> {
    const resultFrom = this.#parts.live.seenTo(runId);
    return this.#once(runId, () => this.#publish(run, runId, resultFrom));
  }

  /** Who claimed the key may have died before its request was out; the same request twice is one run. */
  async #publishAgain(run: NewRun, runId: string): Promise<void> {
    const { live, past } = this.#parts;
    if (this.#accepted.has(runId) || live.place(runId) !== null || live.isHeld(runId)) return;
    if (!(await past.isPublished(runId))) await this.#publish(run, runId, null);
  }

  #once(runId: string, publish: () => Promise<void>): Promise<void> {
    const underWay = this.#publishing.get(runId);
    if (underWay !== undefined) return underWay;
    const started = publish().finally(() => this.#publishing.delete(runId));
    this.#publishing.set(runId, started);
    return started;
  }

  async #publish(run: NewRun, runId: string, resultFrom: number | null): Promise<void> {
    await inSendSpan("harness-requests", { [names.runId]: runId }, (headers) =>
      this.#parts.publish([requestEmission({ ...run, run_id: runId }, "harness-requests", headers)]),
    );
    this.#accepted.note(runId, { clientId: run.client_id, resultFrom });
  }

  /** What is known already, else what is heard: a result that is heard may repeat one from before this process followed. */
  async #standing(runId: string, heard: Promise<Standing>): Promise<Standing> {
    let known: PastRun | null = null;
    try {
      known = await this.#known(runId);
    } catch (error) {
      if (!(error instanceof TransientError)) throw error;
      this.#options.logger.warn({ err: error }, "a run's past cannot be read: only what comes is heard");
    }
    return known === null || known.standing.kind === "running" ? await heard : known.standing;
  }

  /** What is seen here comes second where something may have been before it. */
  async #known(runId: string): Promise<PastRun | null> {
    const { live, past } = this.#parts;
    const fresh = this.#fresh(runId);
    const seen = live.place(runId);
    const isFirst = seen !== null && (fresh !== null || live.isYoung(runId));
    const known = fresh ?? (isFirst ? null : await past.find(runId, live.seenFrom(runId)));
    if (known?.standing.kind === "ended") return known;
    if (seen !== null) return endOf(await this.#options.reader.recordAt(seen), runId);
    return known !== null && live.isHeld(runId) ? { ...known, standing: { kind: "in_review" } } : known;
  }

  /** Taken in here, and its result would have been seen. */
  #fresh(runId: string): PastRun | null {
    const accepted = this.#accepted.get(runId);
    if (accepted === undefined || (accepted.resultFrom ?? -1) < this.#parts.live.seenFrom(runId)) return null;
    return { standing: { kind: "running" }, clientId: accepted.clientId };
  }
}

function refuseTooLarge(run: NewRun, runId: string): void {
  const bytes = Buffer.byteLength(JSON.stringify({ ...run, run_id: runId }));
  if (bytes <= maxRequestBytes) return;
  throw new PoisonRecordError("too_large", `the request has ${bytes} bytes; one holds at most ${maxRequestBytes}`);
}
