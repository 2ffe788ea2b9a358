/**
 * What is counted and logged of each request: its route, status, access and
 * time. Never its address as sent, its body, its key or its client, so labels
 * are few and a log holds no content.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Logger } from "../../runtime/logger.ts";
import { traceFields } from "../../runtime/telemetry/in-span.ts";
import type { AnsweredRequest, GatewayMetrics } from "./gateway-metrics.ts";
import { requestSpanOf } from "./request-span.ts";

export function observeRequests(server: FastifyInstance, logger: Logger, metrics: GatewayMetrics): void {
  server.addHook("onResponse", async (request, reply) => {
    const seen: AnsweredRequest = {
      method: request.method,
      route: routeOf(request),
      status: reply.statusCode,
      access: request.routeOptions.config.access ?? "none",
    };
    metrics.answered(seen, reply.elapsedTime);
    const runId = reply.getHeader("breakwater-run-id");
    logger.info(
      {
        ...seen,
        request_id: request.id,
        ...traceFields(requestSpanOf(request)),
        took_ms: Math.round(reply.elapsedTime),
        ...(typeof runId === "string" ? { run_id: runId } : {}),
        remote: request.ip,
      },
      "answered",
    );
  });
}

/** The route's own pattern: an address as sent would be a label without end. */
export function routeOf(request: FastifyRequest): string {
  return request.is404 ? "none" : (request.routeOptions.url ?? "none");
}
