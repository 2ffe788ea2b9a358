/**
 * Ends a run before anything is scanned: an operator cancelled it, or its time
 * was over before this stage came to it. Both cost next to nothing, however
 * long the queue is. Total; what cannot be read is left to the envelope's rule.
 */
import type { Reason } from "../../../schemas/parts/finding.ts";
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

/** When the last paid step may start, Unix milliseconds: as the publisher says, else as the harness does. */
export function deadlineOf(
  { deadline_at_ms: given }: Pick<RunRequest, "deadline_at_ms">,
  receivedAtMs: number,
  deadlineMs: number,
): number {
  return given === undefined ? receivedAtMs + deadlineMs : Math.min(given, receivedAtMs + longestMs);
}

type EarlyEnd = Extract<Decision, { readonly kind: "cancelled" | "expired" }>;

/** Null when the run may go on. */
export function earlyEnd(envelope: Envelope, { harness, cancelled, receivedAtMs, nowMs }: Standing): EarlyEnd | null {
  if (envelope.kind === "unusable") return null;
  if (cancelled !== null) return { kind: "cancelled", reasons: [cancelled], guards: [] };
  if (harness === null || nowMs < deadlineOf(envelope.request, receivedAtMs, harness.definition.deadlineMs))
    return null;
  const message = "its time was over before it was scanned";
  return { kind: "expired", reasons: [{ code: "deadline_exceeded", message }], guards: [] };
}
