/**
 * Sends what came of a run. Nothing of an answer leaves before all of it has
 * passed; a stream that waits longer says that it is alive, and an error then
 * is an event of it, as its status has left. What was accepted is not for the
 * SDK to retry on its own: that would pay twice.
 */
import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";
import { refusalOf } from "../../http/errors.ts";
import type { RouteWork } from "../../route.ts";
import type { ChatDialect } from "../chat-dialect.ts";
import type { Conversation } from "../request/conversation.ts";
import { eventStream, within } from "./event-stream.ts";
import type { ChatOutcome } from "./outcome.ts";

export interface Pending {
  readonly runId: string;
  readonly asked: Conversation;
  readonly outcome: Promise<ChatOutcome>;
  readonly refuse: RouteWork["refuse"];
  /** Hears of failures that nobody foresaw once a stream has begun: the server hears of all others. */
  readonly onFailure: (error: unknown) => void;
}

export async function sendAnswer(
  dialect: ChatDialect,
  { runId, outcome, refuse }: Pending,
  reply: FastifyReply,
): Promise<unknown> {
  void reply.headers(headersOf(runId));
  const ended = await outcome;
  void reply.header("breakwater-status", ended.status);
  if (ended.kind === "answered") return dialect.answer(ended.answer);
  if (ended.status === "running" || ended.status === "in_review") void reply.header("location", `/v1/runs/${runId}`);
  return refuse(ended.refusal, runId);
}

export async function sendStream(
  dialect: ChatDialect,
  pending: Pending,
  reply: FastifyReply,
  keepAliveMs: number,
): Promise<unknown> {
  const { runId, asked, outcome } = pending;
  void reply.headers(headersOf(runId));
  const early = await within(outcome, keepAliveMs);
  if (early?.value.kind === "failed") return sendAnswer(dialect, pending, reply);
  if (early !== null) void reply.header("breakwater-status", early.value.status);
  void reply.headers(streamHeaders);
  const eventsOf = (ended: ChatOutcome): Iterable<string> =>
    ended.kind === "answered"
      ? dialect.events(ended.answer, asked)
      : [dialect.errorEvent(dialect.error(ended.refusal, runId).body)];
  const told = outcome.catch((error: unknown) => failed(error, pending));
  const events =
    early === null
      ? eventStream({ outcome: told, keepAlive: dialect.keepAlive, everyMs: keepAliveMs, eventsOf })
      : eventsOf(early.value);
  return reply.send(Readable.from(events));
}

function headersOf(runId: string) {
  return { "breakwater-run-id": runId, "x-should-retry": "false" };
}

const streamHeaders = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-cache",
  "x-accel-buffering": "no",
};

function failed(error: unknown, { onFailure }: Pending): ChatOutcome {
  const refusal = refusalOf(error);
  if (refusal.status === 500) onFailure(error);
  return { kind: "failed", status: "running", refusal };
}
