/**
 * What the ledger reads of each record, compiled: every record of the system
 * goes through one of these. What it has no column for is neither checked nor
 * held.
 */
import { z } from "zod";
import type { AuditDecision } from "../../schemas/audit/decision.ts";
import { auditRecord as auditSchema } from "../../schemas/audit/record.ts";
import { callFinished, callStarted } from "../../schemas/records/call.ts";
import { reviewDecided, reviewEscalated, reviewHeld } from "../../schemas/records/review.ts";
import { runResult } from "../../schemas/records/run-result.ts";

/** The envelope and the answer are not the ledger's business. */
const finishedRecord = callFinished.omit({ settlement: true });

export const journalRecord = z.compile(z.discriminatedUnion("kind", [callStarted, finishedRecord]));
export const resultRecord = z.compile(runResult.omit({ output: true }));
export const auditRecord = z.compile(auditSchema);

/** What was held and what a reviewer wrote are nobody's business here. */
export const reviewRecord = z.compile(
  z.discriminatedUnion("kind", [
    reviewHeld.omit({ output: true, excerpts: true, contract: true, fallback_answer: true }),
    reviewEscalated,
    reviewDecided.omit({ output: true }),
  ]),
);

export type FinishedRecord = z.infer<typeof finishedRecord>;
export type JournalRecord = z.infer<typeof journalRecord>;
export type ResultRecord = z.infer<typeof resultRecord>;
export type DecisionRecord = AuditDecision;
export type ReviewRecord = z.infer<typeof reviewRecord>;
