/**
 * What one partition's log of reviews comes to: which answers are held, and
 * which decision of each counts: the first by offset that can stand. Pure in
 * the log: shown the same records in their order, and any of them again later,
 * it says the same of each. An edited output that breaks its contract cannot
 * stand, and the answer stays held. Holds no content.
 */
import type { GuardReport, Reason } from "../../schemas/parts/finding.ts";
import type { ReviewDecided, ReviewHeld, ReviewRecord } from "../../schemas/records/review.ts";
import { rememberedSchema } from "../guards/contract/remembered-schema.ts";
import { judgeEdit } from "./judge-edit.ts";

type Essentials =
  | "run_id"
  | "client_id"
  | "harness"
  | "feature"
  | "document"
  | "attempt"
  | "policy"
  | "contract"
  | "held_at_ms"
  | "due_at_ms"
  | "on_timeout"
  | "escalate_at_ms"
  | "reasons";

/** A held answer as far as it is kept in memory; the rest is on the topic, at `offset`. */
export interface Review extends Pick<ReviewHeld, Essentials> {
  readonly offset: bigint;
  readonly escalated: boolean;
  /** The decision that counts; null while there is none. */
  readonly decided: { readonly id: string; readonly offset: bigint; readonly by: string } | null;
}

export type Standing =
  /** A held answer or a mark: nothing follows from it at once. */
  | { readonly kind: "noted" }
  | { readonly kind: "counts"; readonly review: Review }
  /** The same decision once more. */
  | { readonly kind: "repeated" }
  | { readonly kind: "late"; readonly review: Review }
  | {
      readonly kind: "broken";
      readonly review: Review;
      readonly reasons: readonly Reason[];
      readonly guards: readonly GuardReport[];
    }
  /** No answer of the run is known to be held. */
  | { readonly kind: "unknown" };

const noted: Standing = { kind: "noted" };

export class ReviewBook {
  readonly #reviews = new Map<string, Review>();

  get(runId: string): Review | undefined {
    return this.#reviews.get(runId);
  }

  /** Oldest first. */
  *open(): Iterable<Review> {
    for (const review of this.#reviews.values()) if (review.decided === null) yield review;
  }

  apply(record: ReviewRecord, offset: bigint): Standing {
    switch (record.kind) {
      case "review.held":
        this.#hold(record, offset);
        return noted;
      case "review.escalated": {
        const review = this.#reviews.get(record.run_id);
        if (review !== undefined) this.#reviews.set(record.run_id, { ...review, escalated: true });
        return noted;
      }
      case "review.decided":
        return this.#decide(record, offset);
    }
  }

  /** Those that were decided, and held before that time, are forgotten. */
  forget(heldBeforeMs: number): void {
    for (const { run_id: runId, decided, held_at_ms: heldAtMs } of this.#reviews.values())
      if (decided !== null && heldAtMs < heldBeforeMs) this.#reviews.delete(runId);
  }

  /** The first by offset: a run is held once. */
  #hold(held: ReviewHeld, offset: bigint): void {
    if (this.#reviews.has(held.run_id)) return;
    const { run_id, client_id, harness, feature, document, attempt, policy, contract: written } = held;
    const { held_at_ms, due_at_ms, on_timeout, escalate_at_ms, reasons } = held;
    const { schema, ...rest } = written;
    const contract = schema === undefined ? rest : { ...rest, schema: rememberedSchema(schema) };
    const times = { held_at_ms, due_at_ms, on_timeout, escalate_at_ms };
    const run = { run_id, client_id, harness, feature, document, attempt, policy, contract, reasons };
    this.#reviews.set(run_id, { ...run, ...times, offset, escalated: false, decided: null });
  }

  #decide(decision: ReviewDecided, offset: bigint): Standing {
    const review = this.#reviews.get(decision.run_id);
    if (review === undefined || offset < review.offset) return { kind: "unknown" };
    const { decided } = review;
    if (decided !== null && offset > decided.offset)
      return decision.decision_id === decided.id ? { kind: "repeated" } : { kind: "late", review };
    const judged = decision.decision === "edit" ? judgedEdit(decision, review) : null;
    if (judged !== null && judged.reasons.length > 0)
      return { kind: "broken", review, reasons: judged.reasons, guards: judged.guards };
    const by = decision.reviewer ?? decision.decision;
    const counted = { ...review, decided: { id: decision.decision_id, offset, by } };
    this.#reviews.set(review.run_id, counted);
    return { kind: "counts", review: counted };
  }
}

/** A sealed edit, an erased one too, was judged before it was sealed: what was decided once stays so. */
function judgedEdit({ output }: ReviewDecided, { contract }: Review) {
  if (output !== undefined && "plain" in output) return judgeEdit(output.plain, contract);
  const message = output === undefined ? "the decision brings no output" : "the output is sealed";
  const report: GuardReport = { guard: "output_contract", verdict: "not_run", findings: [], detail: message };
  return { reasons: output === undefined ? [{ code: "edit_without_output", message }] : [], guards: [report] };
}
