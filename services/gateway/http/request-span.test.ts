import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import Fastify from "fastify";
import { recordedSpans } from "../../../test/support/recorded-spans.ts";
import { inSendSpan } from "../../runtime/telemetry/send-span.ts";
import { inRequestSpan } from "./request-span.ts";

const recorded = recordedSpans();
const server = Fastify();
const closed = new Map<string, PromiseWithResolvers<void>>();
const send = () => inSendSpan("harness-requests", {}, (headers) => Promise.resolve(headers));
for (const method of ["GET", "POST"] as const)
  server.route({
    method,
    url: "/v1/runs/:status",
    handler: (request, reply) => {
      const status = request.url.split(/[/?]/)[3] ?? "";
      reply.raw.once("close", () => closed.get(status)?.resolve());
      return inRequestSpan(request, reply, async () =>
        reply
          .code(Number(status))
          .header("breakwater-run-id", "run-1")
          .send(await send()),
      );
    },
  });
const address = await server.listen({ port: 0, host: "127.0.0.1" });
beforeEach(() => recorded.forget());
after(async () => {
  await server.close();
  recorded.close();
});

/** Resolves when the span has ended too. */
async function ask(status: number, headers: Record<string, string> = {}, method = "POST"): Promise<unknown> {
  const over = Promise.withResolvers<void>();
  closed.set(String(status), over);
  const answer = await fetch(`${address}/v1/runs/${status}?secret=canary`, { method, headers });
  const body: unknown = await answer.json();
  await over.promise;
  return body;
}

test("a request is a span until its answer is out, and what it sends goes on from there", async () => {
  const sent = await ask(202);
  const span = recorded.named("POST /v1/runs/:status");
  assert.equal(span.kind, SpanKind.SERVER);
  assert.deepEqual(span.attributes, {
    "http.request.method": "POST",
    "http.route": "/v1/runs/:status",
    "http.response.status_code": 202,
    "breakwater.run_id": "run-1",
  });
  const { traceId, spanId } = recorded.named("send harness-requests").spanContext();
  assert.deepEqual(sent, { traceparent: `00-${traceId}-${spanId}-01` });
  assert.equal(traceId, span.spanContext().traceId);
  assert.doesNotMatch(recorded.text(), /canary/);
});

test("a caller's trace goes on", async () => {
  const traceId = "a".repeat(32);
  await ask(200, { traceparent: `00-${traceId}-${"b".repeat(16)}-01` });
  const span = recorded.named("POST /v1/runs/:status");
  assert.deepEqual([span.spanContext().traceId, span.parentSpanContext?.spanId], [traceId, "b".repeat(16)]);
});

test("an answer of 500 and above is an error; a refusal is none", async () => {
  await ask(503);
  await ask(429);
  assert.deepEqual(
    recorded
      .all()
      .filter(({ kind }) => kind === SpanKind.SERVER)
      .map(({ status, attributes }) => [status.code, attributes["error.type"]]),
    [
      [SpanStatusCode.ERROR, "503"],
      [SpanStatusCode.UNSET, undefined],
    ],
  );
});

test("a request that only looks has no span", async () => {
  await ask(200, {}, "GET");
  assert.ok(!recorded.all().some(({ kind }) => kind === SpanKind.SERVER));
});
