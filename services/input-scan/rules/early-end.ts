/**
 * Ends a run before anything is scanned: an operator cancelled it, or its time
 * was over before this stage came to it. Both cost next to nothing, however
 * long the queue is. Total; what cannot be read is left to the envelope's rule.
 */
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import type { Reason } from "../../../schemas/parts/finding.ts";
import { contentUntilMs as endOf } from "../../../schemas/policies/retention-policy.ts";
import type { RunRequest } from "../../../schemas/records/run-request.ts";
import type { Decision, VersionedDefinition } from "../decide.ts";
import type { Envelope } from "./envelope.ts";

export interface Standing {
  readonly harness: VersionedDefinition | null;
  /** Why an operator ended the run. */
  readonly cancelled: Reason | null;
  /** Broker timestamp of the request. */
  readonly receivedAtMs: number;
  readonly nowMs: number;
}

/** Topics keep a run's records for a week: no run lives longer, whatever a publisher's clock says. */
const longestMs = 7 * 24 * 3_600_000;

interface RunTimes {
  readonly receivedAtMs: number;
  readonly deadlineMs: number;
  readonly contentUntilMs: number | undefined;
}

/**
 * When the last paid step may start, Unix milliseconds: as the publisher says, else as the harness does. Whose content
 * ends before then has no more time.
 */
export function deadlineOf(
  { deadline_at_ms: given }: Pick<RunRequest, "deadline_at_ms">,
  { receivedAtMs, deadlineMs, contentUntilMs = Infinity }: RunTimes,
): number {
  const lastMs = given === undefined ? receivedAtMs + deadlineMs : Math.min(given, receivedAtMs + longestMs);
  return Math.min(lastMs, contentUntilMs);
}

/** When what the run writes can no longer be read; undefined where its harness says nothing of that. */
export function contentEndOf(
  { retention }: Pick<HarnessDefinition, "retention">,
  receivedAtMs: number,
): number | undefined {
  return retention === undefined ? undefined : endOf(retention, receivedAtMs);
}

type EarlyEnd = Extract<Decision, { readonly kind: "cancelled" | "expired" }>;

/** Null when the run may go on. */
export function earlyEnd(envelope: Envelope, { harness, cancelled, receivedAtMs, nowMs }: Standing): EarlyEnd | null {
  if (envelope.kind === "unusable") return null;
  if (cancelled !== null) return { kind: "cancelled", reasons: [cancelled], guards: [] };
  if (harness === null) return null;
  const { deadlineMs } = harness.definition;
  const contentUntilMs = contentEndOf(harness.definition, receivedAtMs);
  if (nowMs < deadlineOf(envelope.request, { receivedAtMs, deadlineMs, contentUntilMs })) return null;
  const message = "its time was over before it was scanned";
  return { kind: "expired", reasons: [{ code: "deadline_exceeded", message }], guards: [] };
}
