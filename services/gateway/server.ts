/**
 * The HTTP server made of its routes: each is registered from its declaration
 * alone, its caller is checked before its body is read, and every error leaves
 * in the route's dialect. It listens nowhere yet.
 */
import { randomUUID } from "node:crypto";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Logger } from "../runtime/logger.ts";
import type { Refusal } from "./admission/admission.ts";
import type { Client } from "./clients/client.ts";
import { accessRefusal, isRefusal, type Authenticate } from "./http/access.ts";
import { refusalOf, refusalOfStatus, sendRefusal, type ErrorShapes } from "./http/errors.ts";
import type { ErrorShape, GatewayRoute } from "./route.ts";

export interface ServerParts {
  readonly routes: readonly GatewayRoute[];
  readonly authenticate: Authenticate;
  readonly shapes: ErrorShapes;
  readonly logger: Logger;
  readonly bodyLimitBytes: number;
}

export function buildServer(parts: ServerParts): FastifyInstance {
  const { routes, shapes, logger, bodyLimitBytes } = parts;
  const server = Fastify({ bodyLimit: bodyLimitBytes, genReqId: () => randomUUID(), requestIdHeader: false });
  server.setSerializerCompiler(() => JSON.stringify);
  server.setErrorHandler(answerErrors(shapes.native, logger));
  server.setNotFoundHandler((_, reply) => sendRefusal(reply, { shape: shapes.native, refusal: refusalOfStatus(404) }));
  for (const route of routes) register(server, route, parts);
  return server;
}

function register(server: FastifyInstance, route: GatewayRoute, { shapes, authenticate, logger }: ServerParts): void {
  const shape = shapes[route.dialect];
  const clients = new WeakMap<FastifyRequest, Client>();
  server.route({
    method: route.method,
    url: route.url,
    ...(route.bodyLimitBytes === undefined ? {} : { bodyLimit: route.bodyLimitBytes }),
    onRequest: async (request, reply) => {
      if (route.access === "open") return undefined;
      const caller = await authenticate(request.headers);
      const refusal = isRefusal(caller) ? caller : accessRefusal(route.access, caller);
      if (refusal !== null) return sendRefusal(reply, { shape, refusal });
      if (!isRefusal(caller)) clients.set(request, caller);
      return undefined;
    },
    handler: async (request, reply) => {
      const work = workOf(request, reply, (refusal, runId) => sendRefusal(reply, { shape, refusal, runId }));
      if (route.access === "open") return route.handle(work);
      const client = clients.get(request);
      if (client === undefined) throw new Error("a route ran without its caller being known");
      return route.handle(work, client);
    },
    errorHandler: answerErrors(shape, logger),
  });
}

function answerErrors(shape: ErrorShape, logger: Logger) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const refusal = refusalOf(error);
    if (refusal.status === 500) logger.error({ err: error, request_id: request.id }, "a request failed");
    void sendRefusal(reply, { shape, refusal });
  };
}

function workOf(
  request: FastifyRequest,
  reply: FastifyReply,
  refuse: (refusal: Refusal, runId?: string) => FastifyReply,
) {
  const over = new AbortController();
  let gone = false;
  reply.raw.once("close", () => {
    if (reply.raw.writableFinished) return;
    gone = true;
    over.abort();
  });
  return { request, reply, over: over.signal, isGone: () => gone, refuse };
}
