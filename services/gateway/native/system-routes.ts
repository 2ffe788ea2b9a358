/**
 * What operators ask: whether the process lives, whether it takes requests,
 * its figures, and what the routes are.
 */
import { z } from "zod";
import type { GatewayMetrics } from "../http/gateway-metrics.ts";
import { keyedRoute, openRoute, type GatewayRoute } from "../route.ts";

export interface SystemParts {
  readonly metrics: Pick<GatewayMetrics, "read">;
  readonly isStopping: () => boolean;
  /** The OpenAPI document of all routes, these among them. */
  readonly document: () => object;
}

const described = { dialect: "native", tag: "system", accepts: {} } as const;

export function systemRoutes({ metrics, isStopping, document }: SystemParts): readonly GatewayRoute[] {
  return [healthRoute, readyRoute(isStopping), metricsRoute(metrics), documentRoute(document)];
}

const healthRoute = openRoute({
  ...described,
  method: "GET",
  url: "/healthz",
  summary: "Whether the process lives",
  answers: { 200: { description: "It does", body: z.object({ status: z.literal("ok") }) } },
  handle: () => Promise.resolve({ status: "ok" }),
});

/** The port opens when everything is read, so all that can stand in the way is the end. */
function readyRoute(isStopping: SystemParts["isStopping"]): GatewayRoute {
  return openRoute({
    ...described,
    method: "GET",
    url: "/readyz",
    summary: "Whether new requests should come here",
    answers: {
      200: { description: "They should", body: z.object({ status: z.literal("ready") }) },
      503: { description: "The process is stopping" },
    },
    handle: ({ refuse }) => Promise.resolve(isStopping() ? refuse(stopping) : { status: "ready" }),
  });
}

const stopping = { status: 503, code: "stopping", message: "this process is stopping" } as const;

function metricsRoute(metrics: SystemParts["metrics"]): GatewayRoute {
  return keyedRoute({
    ...described,
    method: "GET",
    url: "/metrics",
    access: "admin",
    summary: "Figures for Prometheus",
    answers: { 200: { description: "In Prometheus' text format", body: z.string(), contentType: "text/plain" } },
    handle: async (_, reply) => reply.type("text/plain; version=0.0.4; charset=utf-8").send(await metrics.read()),
  });
}

function documentRoute(document: SystemParts["document"]): GatewayRoute {
  return openRoute({
    ...described,
    method: "GET",
    url: "/openapi.json",
    summary: "This document",
    answers: { 200: { description: "OpenAPI 3.1", body: z.record(z.string(), z.json()) } },
    handle: () => Promise.resolve(document()),
  });
}
