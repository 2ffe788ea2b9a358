/**
 * The closed sets of codes that records, metrics and exit paths share. A code
 * is a stable name for a reason; the text beside it is for people.
 */
import { z } from "zod";

/** Why a record was dead-lettered. Also the metric label. */
export const deadLetterCodes = [
  "not_json",
  "schema_unknown",
  "schema_mismatch",
  "envelope_invalid",
  "too_large",
  "harness_unknown",
  "client_unverified",
  "definition_missing",
  "run_id_conflict",
  "content_sealed",
  "attempts_exhausted",
  "failed_fast",
  "review_unknown",
  "internal_record_invalid",
  "webhook_failed",
] as const;
export const deadLetterCode = z.enum(deadLetterCodes);
export type DeadLetterCode = z.infer<typeof deadLetterCode>;

/** The result of a run, exactly one each (design: terminal results). */
export const resultStatuses = [
  "ok",
  "refused",
  "invalid",
  "failed_validation",
  "degraded",
  "expired",
  "over_budget",
  "cancelled",
  "released",
  "rejected",
] as const;
export const resultStatus = z.enum(resultStatuses);
export type ResultStatus = z.infer<typeof resultStatus>;

/** How one provider call ended. `ok` alone carries a usable answer. */
export const callOutcomes = [
  "ok",
  "rate_limited",
  "overloaded",
  "server_error",
  "timeout",
  "connection",
  "bad_request",
  "unauthorized",
  "not_found",
  "content_refused",
  "truncated",
  "malformed",
  "cancelled",
] as const;
export const callOutcome = z.enum(callOutcomes);
export type CallOutcome = z.infer<typeof callOutcome>;

/** What a guard did. A guard that could not run says `not_run`, never `passed`. */
export const guardVerdict = z.enum([
  "passed",
  "flagged",
  "redacted",
  "blocked",
  "truncated",
  "repaired",
  "sanitised",
  "failed",
  "not_run",
  "off",
]);
export type GuardVerdict = z.infer<typeof guardVerdict>;

/** Which end of a long field stays, or both with a mark between them; `refuse` cuts nothing. */
export const contextStrategy = z.enum(["head", "tail", "middle", "refuse"]);

/** Kinds of content that hurt people. */
export const contentCategory = z.enum(["hate", "harassment", "self_harm", "sexual", "violence"]);
export type ContentCategory = z.infer<typeof contentCategory>;

export const stageName = z.enum(["input-scan", "model-invoke", "output-validate", "cost-aggregate"]);
export type StageName = z.infer<typeof stageName>;

/** Who reads topics in a consumer group of its own: the stages, the process that tells operators, and the one that seals the audit. */
export type ConsumerName = StageName | "alerts" | "audit-seal";

/** `openai`, `anthropic`, or any that the providers file names. */
export const providerName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, "lower case letters, digits and dashes, at most 32, no dash first");
export type ProviderName = z.infer<typeof providerName>;
