/**
 * Writes an answer out as it was decided: whole, as events at their pace, or
 * spoiled on the way (cut, reset, stalled, another kind of body).
 */
import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { HttpAnswer } from "./ask.ts";

export type Delivery = "whole" | "reset" | "cut" | "html" | "never";

export function write(response: ServerResponse, answer: HttpAnswer, delivery: Delivery): void {
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

export interface EventStream {
  readonly headers: HttpAnswer["headers"];
  readonly events: readonly string[];
  /** Between two events, milliseconds. */
  readonly paceMs: number;
  /** What happens when they are written: `stall` leaves the connection open. */
  readonly end: "end" | "reset" | "stall";
  /** Aborts when nobody waits any more. */
  readonly signal: AbortSignal;
}

export async function writeEvents(response: ServerResponse, stream: EventStream): Promise<void> {
  if (response.destroyed) return;
  const { paceMs, signal } = stream;
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache", ...stream.headers });
  if (paceMs === 0) response.write(stream.events.join(""));
  else {
    for (const event of stream.events) {
      response.write(event);
      await sleep(paceMs, undefined, { signal }).catch(() => undefined);
      if (response.destroyed) return;
    }
  }
  if (stream.end === "end") response.end();
  if (stream.end === "reset") response.socket?.resetAndDestroy();
}
