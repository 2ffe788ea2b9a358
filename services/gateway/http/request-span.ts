/**
 * The server span of a request that changes something: it goes on with the
 * caller's trace, or begins one, and lasts until the answer is out, so a run that
 * is waited for is all below it. Requests that only look have none, and none has
 * who is turned away before its route.
 */
import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Span } from "@opentelemetry/api";
import type { FastifyReply, FastifyRequest } from "fastify";
import { attributes as names, requestSpan, tracerName } from "../../runtime/telemetry/names.ts";

const spans = new WeakMap<FastifyRequest, Span>();

export function inRequestSpan<T>(request: FastifyRequest, reply: FastifyReply, work: () => T): T {
  const { method } = request;
  if (method === "GET") return work();
  const route = request.routeOptions.url ?? "none";
  const parent = propagation.extract(ROOT_CONTEXT, request.headers);
  const attributes = { [names.httpMethod]: method, [names.httpRoute]: route };
  const options = { kind: SpanKind.SERVER, attributes };
  const span = trace.getTracer(tracerName).startSpan(requestSpan(method, route), options, parent);
  spans.set(request, span);
  reply.raw.once("close", () => endWith(span, reply));
  return context.with(trace.setSpan(parent, span), work);
}

/** Of a request that is over or in progress; undefined when it has none. */
export function requestSpanOf(request: FastifyRequest): Span | undefined {
  return spans.get(request);
}

function endWith(span: Span, reply: FastifyReply): void {
  const runId = reply.getHeader("breakwater-run-id");
  span.setAttribute(names.httpStatus, reply.statusCode);
  if (typeof runId === "string") span.setAttribute(names.runId, runId);
  if (reply.statusCode >= 500)
    span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute(names.errorType, String(reply.statusCode));
  span.end();
}
