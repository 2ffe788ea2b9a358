/**
 * Ends a run before anything is scanned: an operator cancelled it, or its time
 * was over before this stage came to it. Both cost next to nothing, however
 * long the queue is. Total; what cannot be read is left to the envelope's rule.
 */
import type { Reason } from "../../../schemas/parts/finding.ts";
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

type EarlyEnd = Extract<Decision, { readonly kind: "cancelled" | "expired" }>;

/** Null when the run may go on. */
export function earlyEnd(
  { kind }: Pick<Envelope, "kind">,
  { harness, cancelled, receivedAtMs, nowMs }: Standing,
): EarlyEnd | null {
  if (kind === "unusable") return null;
  if (cancelled !== null) return { kind: "cancelled", reasons: [cancelled], guards: [] };
  if (harness === null || nowMs < receivedAtMs + harness.definition.deadlineMs) return null;
  const message = "its time was over before it was scanned";
  return { kind: "expired", reasons: [{ code: "deadline_exceeded", message }], guards: [] };
}
