/**
 * One call to the stand-in, from its body to the written answer: read it, wait
 * as long as the script says, decide, put the decision on disk, and only then
 * answer. A client that leaves does not stop the generation: it is paid.
 */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { ProviderName } from "../../../schemas/parts/codes.ts";
import { anthropicDialect } from "./dialects/anthropic.ts";
import type { Ask, Dialect, HttpAnswer } from "./ask.ts";
import type { CallLog, ServedCall } from "./call-log.ts";
import type { FaultRules, Verdict } from "./fault-rules.ts";
import { openaiDialect } from "./dialects/openai.ts";
import { replyTo } from "./reply.ts";

export interface Books {
  readonly log: CallLog;
  readonly faults: FaultRules;
  /** Calls that came in and are not yet in the books. */
  readonly inFlight: Set<string>;
  /** Aborts when the server is stopping: nobody waits any more. */
  readonly signal: AbortSignal;
}

const dialects = { openai: openaiDialect, anthropic: anthropicDialect } as const satisfies Record<
  ProviderName,
  Dialect
>;

/** What is decided about a call: the line for the books, and how it is written out. */
interface Decision {
  readonly answer: HttpAnswer | null;
  readonly usage: ServedCall["usage"];
  readonly delivery: "whole" | "reset" | "cut" | "html" | "never";
}

export async function serveCall(
  provider: ProviderName,
  request: IncomingMessage,
  response: ServerResponse,
  books: Books,
): Promise<void> {
  const dialect = dialects[provider];
  const body = await readBody(request);
  if (body === null) return;
  const parsed = dialect.parse(parsedJson(body));
  const id = randomUUID();
  const given = request.headers["x-client-request-id"];
  const call = { call_id: typeof given === "string" ? given : null, provider };
  if (parsed.kind === "invalid" || !dialect.hasKey(request.headers)) {
    const refused = parsed.kind === "invalid" ? { status: 400, message: parsed.message } : { status: 401 };
    const model = parsed.kind === "ask" ? parsed.ask.model : "unknown";
    await books.log.append({ ...call, model, ...unpaid(refused.status, response) });
    return write(response, dialect.error(refused.status, { ...refused, id }), "whole");
  }
  const { ask } = parsed;
  const verdict = books.faults.judge(ask);
  books.inFlight.add(id);
  await waitOut(verdict, books.signal);
  const { answer, usage, delivery } = decide(dialect, ask, verdict, id);
  const line =
    usage === null
      ? unpaid(answer?.status ?? 0, response)
      : { ...unpaid(answer?.status ?? 0, response), answered: true, usage };
  await books.log.append({ ...call, model: ask.model, ...line });
  books.inFlight.delete(id);
  if (answer !== null) write(response, answer, delivery);
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
  if (ask.inputTokens + 1 > dialect.contextWindow) {
    const message = `The prompt is too long: ${ask.inputTokens} tokens, at most ${dialect.contextWindow}.`;
    const code = ask.provider === "openai" ? { code: "context_length_exceeded" } : {};
    return { answer: dialect.error(400, { message, id, ...code }), usage: null, delivery: "whole" };
  }
  if (effect?.kind === "hang") return { answer: null, usage: null, delivery: "never" };
  if (effect?.kind === "status") {
    const plain = dialect.error(effect.status, { id, ...(effect.code === undefined ? {} : { code: effect.code }) });
    const headers = { ...plain.headers, ...retryAfter(effect.retryAfterSeconds, effect.retryAfterAsDate) };
    return { answer: { ...plain, headers }, usage: null, delivery: "whole" };
  }
  const reply = replyTo(ask, verdict);
  const delivery = effect?.kind === "reset" ? "reset" : effect?.kind === "cut_body" ? "cut" : "whole";
  const html = effect?.kind === "not_json_body";
  return { answer: dialect.answer(ask, reply, id), usage: reply.usage, delivery: html ? "html" : delivery };
}

function retryAfter(seconds: number | undefined, asDate: boolean | undefined): Record<string, string> {
  if (seconds === undefined) return {};
  return { "retry-after": asDate === true ? new Date(Date.now() + seconds * 1000).toUTCString() : String(seconds) };
}

export function write(response: ServerResponse, answer: HttpAnswer, delivery: Decision["delivery"]): void {
  if (response.destroyed) return;
  const whole = JSON.stringify(answer.body);
  const html = delivery === "html";
  const body = Buffer.from(html ? "<html><body>Bad gateway</body></html>" : whole);
  const sent = delivery === "cut" ? body.subarray(0, Math.floor(body.length / 2)) : body;
  response.writeHead(answer.status, {
    "content-type": html ? "text/html" : "application/json",
    "content-length": sent.length,
    ...answer.headers,
  });
  if (delivery !== "reset") return void response.end(sent);
  response.write(sent.subarray(0, 1), () => response.socket?.resetAndDestroy());
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
