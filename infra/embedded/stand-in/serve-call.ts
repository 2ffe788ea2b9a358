/**
 * One call to the stand-in, from its body to the written answer: read it, wait
 * as long as the script says, decide, put the decision on disk, and only then
 * answer. A client that leaves does not stop the generation: it is paid.
 */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Ask, Dialect, HttpAnswer } from "./ask.ts";
import type { CallLog, ServedCall } from "./call-log.ts";
import type { FaultRules, Verdict } from "./fault-rules.ts";
import { replyTo } from "./reply.ts";
import { type Delivery, type EventStream, write, writeEvents } from "./write-answer.ts";

export interface Books {
  readonly log: CallLog;
  readonly faults: FaultRules;
  /** Calls that came in and are not yet in the books. */
  readonly inFlight: Set<string>;
  /** Aborts when the server is stopping: nobody waits any more. */
  readonly signal: AbortSignal;
}

/** Where a call came in: whose it is in the books, and how it is read and written. */
export interface Entrance {
  readonly provider: string;
  readonly dialect: Dialect;
}

/** What is decided about a call: the line for the books, and how it is written out. */
interface Decision {
  readonly answer: HttpAnswer | null;
  readonly usage: ServedCall["usage"];
  readonly delivery: Delivery;
  /** The answer as events, when it was asked for so and is one. */
  readonly stream: Pick<EventStream, "events" | "end"> | null;
}

export async function serveCall(
  { provider, dialect }: Entrance,
  request: IncomingMessage,
  response: ServerResponse,
  books: Books,
): Promise<void> {
  const body = await readBody(request);
  if (body === null) return;
  const parsed = dialect.parse(parsedJson(body));
  const id = randomUUID();
  const given = request.headers["x-client-request-id"];
  const call = { call_id: typeof given === "string" ? given : null, provider };
  const key = dialect.keyOf(request.headers);
  if (parsed.kind === "invalid" || key === null) {
    const refused = parsed.kind === "invalid" ? { status: 400, message: parsed.message } : { status: 401 };
    const model = parsed.kind === "ask" ? parsed.ask.model : "unknown";
    await books.log.append({ ...call, model, ...unpaid(refused.status, response) });
    return write(response, dialect.error(refused.status, { ...refused, id }), "whole");
  }
  const ask = { ...parsed.ask, provider };
  const verdict = books.faults.judge(ask, key);
  books.inFlight.add(id);
  await waitOut(verdict, books.signal);
  const { answer, usage, delivery, stream } = decide(dialect, ask, verdict, id);
  const line =
    usage === null
      ? unpaid(answer?.status ?? 0, response)
      : { ...unpaid(answer?.status ?? 0, response), answered: true, usage };
  await books.log.append({ ...call, model: ask.model, ...line });
  books.inFlight.delete(id);
  if (answer === null) return;
  if (stream === null) return write(response, answer, delivery);
  const { paceMs } = verdict;
  await writeEvents(response, { ...stream, headers: answer.headers, paceMs, signal: books.signal });
}

/** As long as the script says, or until the server is stopping. */
async function waitOut({ latencyMs, released }: Verdict, signal: AbortSignal): Promise<void> {
  if (latencyMs > 0) await sleep(latencyMs, undefined, { signal }).catch(() => undefined);
  if (released === null || signal.aborted) return;
  await Promise.race([released, once(signal, "abort")]);
}

function unpaid(status: number, response: ServerResponse) {
  const client_gone = response.destroyed;
  return { status, answered: false, client_gone, usage: null, at: new Date().toISOString() };
}

function decide(dialect: Dialect, ask: Ask, verdict: Verdict, id: string): Decision {
  const { effect } = verdict;
  const leastTokens = Math.ceil(ask.inputTokens / mostOvercount);
  if (leastTokens + 1 > dialect.contextWindow) {
    const message = `The prompt is too long: ${leastTokens} tokens or more, at most ${dialect.contextWindow}.`;
    return { ...unanswered, answer: dialect.error(400, { message, id, ...dialect.overlong }) };
  }
  if (effect?.kind === "hang") return { ...unanswered, delivery: "never" };
  if (effect?.kind === "status") {
    const plain = dialect.error(effect.status, { id, ...(effect.code === undefined ? {} : { code: effect.code }) });
    const headers = { ...plain.headers, ...retryAfter(effect.retryAfterSeconds, effect.retryAfterAsDate) };
    return { ...unanswered, answer: { ...plain, headers } };
  }
  const reply = replyTo(ask, verdict);
  const delivery = effect?.kind === "reset" ? "reset" : effect?.kind === "cut_body" ? "cut" : "whole";
  const html = effect?.kind === "not_json_body";
  const answer = dialect.answer(ask, reply, id);
  const stream = ask.stream && !html ? streamOf(dialect, dialect.events(ask, reply, id), effect) : null;
  const usage = dialect.isFree === true ? null : reply.usage;
  return { answer, usage, delivery: html ? "html" : delivery, stream };
}

/** A quarter of the characters is up to twice what the real tokenizers make of plain words: those would take the prompt. */
const mostOvercount = 2;

const unanswered: Decision = { answer: null, usage: null, delivery: "whole", stream: null };

/** The events that are written, and what then becomes of the connection. */
function streamOf(dialect: Dialect, events: readonly string[], effect: Verdict["effect"]): Decision["stream"] {
  const half = events.slice(0, Math.ceil(events.length / 2));
  switch (effect?.kind) {
    case "reset":
      return { events: half, end: "reset" };
    case "cut_body":
      return { events: half, end: "end" };
    case "stall":
      return { events: events.slice(0, effect.afterEvents), end: "stall" };
    case "stream_error":
      return { events: [...events.slice(0, effect.afterEvents), dialect.errorEvent], end: "end" };
    default:
      return { events, end: "end" };
  }
}

function retryAfter(seconds: number | undefined, asDate: boolean | undefined): Record<string, string> {
  if (seconds === undefined) return {};
  return { "retry-after": asDate === true ? new Date(Date.now() + seconds * 1000).toUTCString() : String(seconds) };
}

/** The body's text; null when the client left before it was here. */
export async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk);
  } catch {
    return null;
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** The parsed body; null when it is not JSON. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
