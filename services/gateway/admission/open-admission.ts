/**
 * Admission over a desk, the harnesses that there are, the clients' limits and
 * the pipeline's load. What is refused has taken nothing of any limit, except
 * that a key conflict stays counted as a request; a run that joins an earlier
 * one takes no tokens again.
 */
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import { PoisonRecordError, TransientError } from "../../runtime/errors.ts";
import type { BatchDesk } from "../batches/desk/batch-desk.ts";
import type { Client } from "../clients/client.ts";
import { limitsInForce, type Limits } from "../clients/limits/limits-in-force.ts";
import type { MinuteCounter } from "../clients/limits/minute-counter.ts";
import { Places } from "../clients/limits/places.ts";
import { rateLimitHeaders, type Minute } from "../clients/limits/rate-limit-headers.ts";
import type { Acceptance, Handed, NewRun, RunDesk } from "../runs/run-desk.ts";
import { admitBatch } from "./admit-batch.ts";
import { admitted } from "./admitted.ts";
import type { Admission, BatchAdmission, Refusal } from "./admission.ts";
import { takeMinute, type MinuteTaken } from "./minute-taken.ts";
import { refusals } from "./refusals.ts";
import { sizeOf, type RunSize } from "./run-size.ts";

export interface AdmissionParts {
  readonly desk: Pick<RunDesk, "accept" | "wait" | "cancel">;
  readonly batches: Pick<BatchDesk, "accept">;
  /** The definition that new runs of a harness get. */
  readonly harness: (name: string) => Pick<HarnessDefinition, "deadlineMs" | "models"> | undefined;
  readonly counter: MinuteCounter;
  readonly defaults: Limits;
  /** BREAKWATER_GATEWAY_MAX_WAIT_MS. */
  readonly maxWaitMs: number;
  /** How long results take from now; null: unknown. */
  readonly waitMs: () => number | null;
  /** Refusals are counted where they are answered. */
  readonly metrics: { readonly accepted: (joined: boolean, runs?: number) => void };
  readonly logger: { readonly warn: (fields: object, message: string) => void };
  readonly nowMs?: () => number;
}

type Answer = Awaited<ReturnType<Admission["admit"]>>;

export function openAdmission(parts: AdmissionParts): Admission & BatchAdmission {
  const places = new Places();
  return {
    admit: async (client, handed) => {
      const answer = await admit(parts, places, { client, handed });
      const { outcome } = answer;
      if (outcome.kind === "admitted") parts.metrics.accepted(outcome.joined);
      return answer;
    },
    admitBatch: (client, handed) => admitBatch(parts, places, { client, handed }),
  };
}

interface Asked {
  readonly client: Client;
  readonly handed: Handed;
}

async function admit(parts: AdmissionParts, places: Places, { client, handed }: Asked): Promise<Answer> {
  const limits = limitsInForce(client.limits, parts.defaults);
  const judged = judge(parts, limits, { client, handed });
  if ("status" in judged) return refused(judged, limits, {});
  const free = places.take(client.clientId, limits.concurrency);
  if (free === null) return refused(refusals.tooManyAtOnce(limits), limits, {});
  let isAdmitted = false;
  try {
    const minute = await takeMinute(parts.counter, client.clientId, { limits, tokens: judged.promptTokens });
    if (minute.refusal !== null) return refused(minute.refusal, limits, minute.left);
    const acceptance = await accept(parts, handed, minute);
    if ("status" in acceptance) return unaccepted(acceptance, limits, { minute, handed });
    isAdmitted = true;
    const { desk, logger } = parts;
    const outcome = admitted({ acceptance, desk, logger, free, tokens: minute.tokens, handed, keyId: client.keyId });
    return { outcome, headers: rateLimitHeaders(limits, minute.left) };
  } finally {
    if (!isAdmitted) free();
  }
}

/** What can be said before anything is taken: scope, harness, size, load. */
function judge(parts: AdmissionParts, limits: Limits, { client, handed: { run } }: Asked): RunSize | Refusal {
  const permitted = client.scopes.harnesses;
  if (permitted !== null && !permitted.includes(run.harness)) return refusals.harnessNotPermitted();
  const harness = parts.harness(run.harness);
  if (harness === undefined) return refusals.harnessUnknown();
  const size = sizeOf(run, harness.models[0]?.provider ?? "openai");
  if (size.bytes > limits.bodyBytes) return refusals.requestTooLarge(size.bytes, limits);
  if (size.promptTokens > limits.promptTokens) return refusals.promptTooLong(size.promptTokens, limits);
  const permittedMs = Math.min(parts.maxWaitMs, timeLeftMs(run, harness.deadlineMs, (parts.nowMs ?? Date.now)()));
  const waitMs = parts.waitMs();
  return waitMs !== null && waitMs > permittedMs ? refusals.overloaded(waitMs, permittedMs) : size;
}

function timeLeftMs({ deadline_at_ms: atMs }: NewRun, deadlineMs: number, nowMs: number): number {
  return atMs === undefined ? deadlineMs : Math.max(0, atMs - nowMs);
}

/** Errors: all but those that say something of the request or the broker. */
async function accept(
  { desk }: AdmissionParts,
  handed: Handed,
  minute: MinuteTaken,
): Promise<Extract<Acceptance, { kind: "accepted" }> | Refusal> {
  try {
    const acceptance = await desk.accept(handed);
    if (acceptance.kind === "key_conflict" || acceptance.joined) await minute.tokens.giveBack();
    return acceptance.kind === "accepted" ? acceptance : refusals.keyConflict();
  } catch (error) {
    await minute.giveBack();
    if (error instanceof TransientError) return refusals.unavailable();
    if (error instanceof PoisonRecordError && error.code === "too_large") return refusals.recordTooLarge();
    throw error;
  }
}

/** Without an Idempotency-Key, what was not acknowledged may be there all the same: no program is to send it again by itself. */
function unaccepted(
  refusal: Refusal,
  limits: Limits,
  { minute, handed }: { readonly minute: MinuteTaken; readonly handed: Handed },
): Answer {
  const answer = refused(refusal, limits, minute.left);
  const isUnsafe = refusal.status === 503 && handed.idempotencyKey === undefined;
  return isUnsafe ? { ...answer, headers: { ...answer.headers, "x-should-retry": "false" } } : answer;
}

function refused(refusal: Refusal, limits: Limits, left: Minute): Answer {
  return { outcome: { kind: "refused", refusal }, headers: rateLimitHeaders(limits, left) };
}
