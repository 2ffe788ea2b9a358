/**
 * Admission of a whole batch: one request of its client's minute and, at once,
 * the tokens that all of its prompts are estimated at. Its client's place is
 * held while it is published. Load is not asked about: batches have a lane and
 * a deadline of their own.
 */
import { TransientError } from "../../runtime/errors.ts";
import type { BatchAcceptance, BatchDesk, HandedBatch } from "../batches/desk/batch-desk.ts";
import type { Client } from "../clients/client.ts";
import { limitsInForce, type Limits } from "../clients/limits/limits-in-force.ts";
import type { Places } from "../clients/limits/places.ts";
import { rateLimitHeaders, type Minute } from "../clients/limits/rate-limit-headers.ts";
import type { BatchAdmission, Refusal } from "./admission.ts";
import { takeMinute, type MinuteTaken } from "./minute-taken.ts";
import type { AdmissionParts } from "./open-admission.ts";
import { refusals } from "./refusals.ts";

export type BatchAdmissionParts = Pick<AdmissionParts, "harness" | "counter" | "defaults" | "metrics"> & {
  readonly batches: Pick<BatchDesk, "accept">;
};

type Answer = Awaited<ReturnType<BatchAdmission["admitBatch"]>>;

export async function admitBatch(
  parts: BatchAdmissionParts,
  places: Places,
  { client, handed }: { readonly client: Client; readonly handed: HandedBatch },
): Promise<Answer> {
  const limits = limitsInForce(client.limits, parts.defaults);
  const refusal = judge(parts, limits, { client, handed });
  if (refusal !== null) return refused(refusal, limits, {});
  const free = places.take(client.clientId, limits.concurrency);
  if (free === null) return refused(refusals.tooManyAtOnce(limits), limits, {});
  try {
    const tokens = handed.upload.promptTokens;
    const minute = await takeMinute(parts.counter, client.clientId, { limits, tokens });
    if (minute.refusal !== null) return refused(minute.refusal, limits, minute.left);
    const acceptance = await accept(parts, handed, minute);
    if ("status" in acceptance) return unaccepted(refused(acceptance, limits, minute.left), handed);
    const { batch, joined } = acceptance;
    parts.metrics.accepted(joined, batch.taken.documents);
    return { outcome: { kind: "admitted", batch, joined }, headers: rateLimitHeaders(limits, minute.left) };
  } finally {
    free();
  }
}

function judge(
  parts: BatchAdmissionParts,
  limits: Limits,
  { client: { scopes }, handed }: { readonly client: Client; readonly handed: HandedBatch },
): Refusal | null {
  const { harness, upload } = handed;
  if (scopes.harnesses !== null && !scopes.harnesses.includes(harness.name)) return refusals.harnessNotPermitted();
  if (parts.harness(harness.name) === undefined) return refusals.harnessUnknown();
  const { largest, longestPrompt, promptTokens } = upload;
  if (largest.bytes > limits.bodyBytes) return ofLine(refusals.requestTooLarge(largest.bytes, limits), largest.line);
  if (longestPrompt.tokens > limits.promptTokens)
    return ofLine(refusals.promptTooLong(longestPrompt.tokens, limits), longestPrompt.line);
  return promptTokens > limits.tokensPerMinute ? refusals.batchTooLong(promptTokens, limits) : null;
}

function ofLine(refusal: Refusal, line: number): Refusal {
  return { ...refusal, message: `line ${line}: ${refusal.message}`, param: String(line) };
}

async function accept(
  { batches }: BatchAdmissionParts,
  handed: HandedBatch,
  minute: MinuteTaken,
): Promise<Extract<BatchAcceptance, { kind: "accepted" }> | Refusal> {
  try {
    const acceptance = await batches.accept(handed);
    if (acceptance.kind === "key_conflict" || acceptance.joined) await minute.tokens.giveBack();
    return acceptance.kind === "accepted" ? acceptance : refusals.keyConflict();
  } catch (error) {
    await minute.giveBack();
    if (error instanceof TransientError) return refusals.unavailable();
    throw error;
  }
}

/** Without an Idempotency-Key a part of it may be there: no program is to send it again by itself. */
function unaccepted(answer: Answer, { idempotencyKey }: HandedBatch): Answer {
  const { outcome, headers } = answer;
  const isUnsafe = outcome.kind === "refused" && outcome.refusal.status === 503 && idempotencyKey === undefined;
  return isUnsafe ? { outcome, headers: { ...headers, "x-should-retry": "false" } } : answer;
}

function refused(refusal: Refusal, limits: Limits, left: Minute): Answer {
  return { outcome: { kind: "refused", refusal }, headers: rateLimitHeaders(limits, left) };
}
