/**
 * `reviews list`: what waits for a person, the one that is due first in front.
 * `reviews show`: one answer, why it is held, and what each finding is about.
 */
import { z } from "zod";
import type { ReviewHeld } from "../../../schemas/records/review.ts";
import { withKafka } from "../connections.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import type { CommandAction } from "../program/command.ts";
import { answerText } from "../insight/answer-text.ts";
import { printableLines } from "../screen.ts";
import { grouped, type Table } from "../table.ts";
import { openReviews, reviewOf, type HeldItem } from "../../reviews/read-reviews.ts";

export const listReviews: CommandAction = async ({ screen, env }) => {
  const items = await withKafka(env, ({ reader }) => openReviews(reader));
  const nowMs = Date.now();
  screen.document(items.map(entryOf));
  if (items.length === 0) screen.note("Nothing waits for a review.");
  else screen.table(reviewTable(items, nowMs));
  return exitCodes.ok;
};

export function reviewTable(items: readonly HeldItem[], nowMs: number): Table {
  return {
    columns: [
      { head: "run" },
      { head: "age", align: "right" },
      { head: "due in", align: "right" },
      { head: "urgent", drop: 2 },
      { head: "client", shrink: 8 },
      { head: "harness", shrink: 8, drop: 1 },
      { head: "held for", wrap: true },
    ],
    rows: items.map((item) => rowOf(item, nowMs)),
  };
}

/** Without content: what is held, since when and why. */
function entryOf({ held, review }: HeldItem) {
  const { run_id, client_id, harness, attempt, held_at_ms, due_at_ms, on_timeout, reasons } = held;
  const { escalated } = review;
  return { run_id, client_id, harness, attempt, held_at_ms, due_at_ms, on_timeout, escalated, reasons };
}

function rowOf({ held, review }: HeldItem, nowMs: number): readonly string[] {
  const leftMs = held.due_at_ms - nowMs;
  return [
    held.run_id,
    spanOf(nowMs - held.held_at_ms),
    leftMs > 0 ? spanOf(leftMs) : "over",
    review.escalated ? "urgent" : "",
    held.client_id,
    held.harness.name,
    [...new Set(held.reasons.map(({ code }) => code))].join(", "),
  ];
}

/** `5 s`, `12 min`, `3 h`, `2 d`. */
function spanOf(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}

/** Where others are told of what waits. */
export function describeWaiting(count: number): string {
  return `${grouped(count)} in review: \`npx breakwater reviews list\` shows what waits for a person.`;
}

/** Errors: CommandError when it is no run id. */
export function runIdIn(words: readonly string[]): string {
  const runId = z.uuid().safeParse(words[0]).data;
  if (runId === undefined) throw new CommandError(exitCodes.usage, `${words[0] ?? ""} is not a run id`);
  return runId;
}

/** Errors: CommandError. */
export function nothingHeld(runId: string): CommandError {
  return new CommandError(exitCodes.notOk, `no answer of ${runId} is held, nor was one in the last 30 days`);
}

export const showReview: CommandAction = async ({ screen, env }, { words }) => {
  const runId = runIdIn(words);
  const item = await withKafka(env, ({ reader }) => reviewOf(reader, runId));
  if (item === null) throw nothingHeld(runId);
  screen.document({ ...item.held, escalated: item.review.escalated, decision: item.decision });
  screen.result(reviewText(item));
  return exitCodes.ok;
};

/** For a terminal. */
export function reviewText(item: HeldItem): string {
  const { held } = item;
  return [...factsOf(item), "", "Held for:", ...whyHeld(held), "", "Answer:", answerText(held)].join("\n");
}

function factsOf({ held, review, decision }: HeldItem): readonly string[] {
  const { harness, client_id: client, attempt, answered_by: by } = held;
  const time = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace("T", " ");
  const ended = decision === null ? null : describeDecision(decision);
  return [
    `${held.run_id}: ${harness.name}@${harness.version} for ${client}, attempt ${attempt}, by ${by.provider} ${by.model}`,
    `held ${time(held.held_at_ms)}, ${ended ?? `${held.on_timeout} at ${time(held.due_at_ms)} (UTC) when nobody decides`}`,
    ...(review.escalated && decision === null ? ["urgent: it has waited long"] : []),
  ].map(printableLines);
}

/** `approve by ines: the reason` */
export function describeDecision({ decision, reviewer, reason }: NonNullable<HeldItem["decision"]>): string {
  return `${decision}${reviewer === undefined ? "" : ` by ${reviewer}`}${reason === undefined ? "" : `: ${reason}`}`;
}

/** Reasons, then what each finding is about. */
function whyHeld({ reasons, excerpts }: ReviewHeld): readonly string[] {
  const why = reasons.map(({ code, message, path = "" }) => `  ${code}${path === "" ? "" : ` at ${path}`}: ${message}`);
  if (!("plain" in excerpts)) return why.map(printableLines);
  const about = excerpts.plain.flatMap(({ rule, field, claim, passage }) => [
    "",
    `  ${rule} in ${field}`,
    `    answer:  ${oneLine(claim)}`,
    ...(passage === undefined ? [] : [`    context: ${oneLine(passage)}`]),
  ]);
  return [...why, ...about].map(printableLines);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
