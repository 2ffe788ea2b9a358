/**
 * The one way from a route to a run: whoever calls, whatever the dialect. It
 * looks at the client's scopes and limits and at how far behind the pipeline
 * is, hands the run in at the desk, and holds the client's place until the
 * answer is out. A test enumerates the routes that can spend and sees each of
 * them pass here. A batch passes here as one.
 */
import type { KnownBatch } from "../batches/desk/batch-book.ts";
import type { HandedBatch } from "../batches/desk/batch-desk.ts";
import type { Client } from "../clients/client.ts";
import type { Handed, Standing } from "../runs/run-desk.ts";

/** Why a request goes no further; each dialect says it in its own shape. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 404 | 405 | 408 | 409 | 410 | 413 | 414 | 415 | 422 | 429 | 431 | 500 | 503 | 504;
  /** A stable name for programs, such as `rate_limited`. */
  readonly code: string;
  /** For people: what was wrong and what would be right; never repeats content. */
  readonly message: string;
  /** The field at fault, as the caller wrote the request. */
  readonly param?: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

export interface Admitted {
  readonly kind: "admitted";
  readonly runId: string;
  /** An earlier request with the same Idempotency-Key asked for it. */
  readonly joined: boolean;
  /** As RunDesk.wait. */
  readonly wait: (options: { readonly waitMs: number; readonly signal: AbortSignal }) => Promise<Standing>;
  /** Frees the client's place. `left`: the caller went away before the answer, so what is not paid yet is cancelled. */
  readonly release: (options: { readonly left: boolean }) => Promise<void>;
}

export interface Admission {
  /** Headers of the limits for the answer, whatever it is (RateLimit, RateLimit-Policy). */
  readonly admit: (
    client: Client,
    handed: Handed,
  ) => Promise<{
    readonly outcome: Admitted | { readonly kind: "refused"; readonly refusal: Refusal };
    readonly headers: Readonly<Record<string, string>>;
  }>;
}

/** The same for a whole batch, whose runs nobody waits for here. */
export interface BatchAdmission {
  readonly admitBatch: (
    client: Client,
    handed: HandedBatch,
  ) => Promise<{
    readonly outcome:
      | { readonly kind: "admitted"; readonly batch: KnownBatch; readonly joined: boolean }
      | { readonly kind: "refused"; readonly refusal: Refusal };
    readonly headers: Readonly<Record<string, string>>;
  }>;
}
