/**
 * The gateway's counter: takes a run in, waits for its result, finds it again,
 * cancels it. A run that was accepted is acknowledged by all in-sync replicas,
 * so it ends in exactly one result whatever becomes of this process. All routes
 * that spend hand their runs in here, and nowhere else.
 *
 * A desk holds at most the places of 200,000 results (19 MB), 200,000 runs it took in (27 MB), as many in review (19 MB) and
 * 1,000,000 claims of Idempotency-Keys (76 MB), the newest of each; waits are bounded by who waits. What is forgotten is read from
 * the ledger and the topics; a claim is not: beyond a million keyed runs a day the oldest keys count for less than a day.
 */
import type { Actor } from "../../../schemas/audit/change.ts";
import type { RunRequest } from "../../../schemas/records/run-request.ts";
import type { RunResult } from "../../../schemas/records/run-result.ts";

/** A request as it will be published, but for its id. */
export type NewRun = Omit<RunRequest, "run_id">;

export interface Handed {
  readonly run: NewRun;
  /** The client's; the same key with the same run joins it for 24 hours. */
  readonly idempotencyKey?: string | undefined;
}

export type Acceptance =
  | {
      readonly kind: "accepted";
      readonly runId: string;
      /** An earlier request with this key asked for it: nothing new is paid. */
      readonly joined: boolean;
    }
  /** The client used the key for another run. */
  | { readonly kind: "key_conflict" };

export type Standing =
  | { readonly kind: "ended"; readonly result: RunResult }
  /** A person decides on its answer: it can take days. */
  | { readonly kind: "in_review" }
  | { readonly kind: "running" };

export interface RunDesk {
  /**
   * Resolves when the run is acknowledged. Errors: TransientError broker_unavailable (whether it was written may be unknown: with
   * an idempotency key, ask again); PoisonRecordError too_large, before anything is written.
   */
  readonly accept: (handed: Handed) => Promise<Acceptance>;
  /** Until the run ends or is held for review, the time is up or the signal aborts: what is known then. */
  readonly wait: (
    runId: string,
    options: { readonly waitMs: number; readonly signal: AbortSignal },
  ) => Promise<Standing>;
  /** Null when there is no such run of this client, or none any more. */
  readonly find: (runId: string, clientId: string) => Promise<Standing | null>;
  /** Told to the audit, then ordered: ends what is not paid yet; the run's result then is `cancelled`, unless it has one. */
  readonly cancel: (runId: string, why: string, by: Actor) => Promise<void>;
}
