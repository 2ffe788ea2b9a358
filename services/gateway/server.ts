/**
 * The HTTP server made of its routes: each is registered from its declaration
 * alone, its caller is checked before its body is read, and every error leaves
 * in the route's dialect. It listens nowhere yet.
 */
import { randomUUID } from "node:crypto";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Logger } from "../runtime/logger.ts";
import type { Access, Client } from "./clients/client.ts";
import { sessionRefusal } from "./console/session-access.ts";
import { accessRefusal, isRefusal, type Authenticate } from "./http/access.ts";
import { withinLimit } from "./http/body-limit.ts";
import { refusalOf, refusalOfStatus, sendRefusal, type ErrorShapes, type Refused } from "./http/errors.ts";
import type { GatewayMetrics } from "./http/gateway-metrics.ts";
import { answerClientError, hardenAnswers, openSocketServer, trustOf, type Hardening } from "./http/hardening.ts";
import { observeRequests } from "./http/observed.ts";
import { inRequestSpan } from "./http/request-span.ts";
import type { OpenRequests } from "./http/open-requests.ts";
import { unmatchedBy } from "./http/unmatched.ts";
import { openApiDocument } from "./openapi/document.ts";
import { servePage } from "./openapi/page.ts";
import { Uploads } from "./http/uploads.ts";
import type { GatewayRoute, RouteWork } from "./route.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    readonly access?: Access;
  }
}

export interface ServerParts {
  readonly routes: readonly GatewayRoute[];
  readonly authenticate: Authenticate;
  readonly shapes: ErrorShapes;
  readonly open: OpenRequests;
  readonly metrics: GatewayMetrics;
  readonly logger: Logger;
  readonly hardening: Hardening;
}

const longestParam = 200;

export function buildServer(parts: ServerParts): FastifyInstance {
  const { routes, hardening, logger, metrics } = parts;
  const server = Fastify({
    serverFactory: (handler) => openSocketServer(hardening, handler),
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, _, reply) => {
      void refuse(parts, reply, { shape: parts.shapes.native, refusal: refusalOf(error) });
    },
    bodyLimit: hardening.bodyLimitBytes,
    trustProxy: trustOf(hardening.trustProxy),
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    routerOptions: { maxParamLength: longestParam },
    // A request that a kept connection brings while the server closes is answered, and the connection with it.
    return503OnClosing: false,
  });
  server.setErrorHandler(answerErrors(parts, "native"));
  hardenAnswers(server, hardening);
  servePage(server, openApiDocument(routes));
  observeRequests(server, logger, metrics);
  // After what was registered above, so that refusals carry its headers too.
  server.after(() => {
    beginRequests(server, parts);
    server.setNotFoundHandler((_, reply) => {
      void refuse(parts, reply, { shape: parts.shapes.native, refusal: refusalOfStatus(404) });
    });
    const uploads = new Uploads();
    for (const route of routes)
      if (route.uploadTypes === undefined) register(server, route, parts);
      else uploads.accept(server, route.uploadTypes, (scope) => register(scope, route, parts, uploads));
  });
  return server;
}

function beginRequests(server: FastifyInstance, parts: ServerParts): void {
  const unmatched = unmatchedBy(parts.routes);
  server.addHook("onRequest", async (request, reply) => {
    // By both names: OpenAI's SDK reads the first, Anthropic's the second.
    void reply.headers({ "x-request-id": request.id, "request-id": request.id });
    if (parts.open.isStopping) void reply.header("connection", "close");
    if (!request.is404) return undefined;
    const { dialect, refusal, allowed } = unmatched(request);
    if (allowed.length > 0) void reply.header("allow", allowed.join(", "));
    return refuse(parts, reply, { shape: parts.shapes[dialect], refusal });
  });
}

function register(server: FastifyInstance, route: GatewayRoute, parts: ServerParts, uploads?: Uploads): void {
  const shape = parts.shapes[route.dialect];
  const clients = new WeakMap<FastifyRequest, Client>();
  server.route({
    method: route.method,
    url: route.url,
    config: { access: route.access },
    ...(route.bodyLimitBytes === undefined ? {} : { bodyLimit: route.bodyLimitBytes }),
    onRequest: async (request, reply) => {
      if (route.access === "open") return undefined;
      const caller = await parts.authenticate(request.headers);
      const refusal = isRefusal(caller)
        ? caller
        : (accessRefusal(route.access, caller) ?? sessionRefusal(route.access, caller, request));
      if (refusal !== null) return refuse(parts, reply, { shape, refusal });
      if (isRefusal(caller)) return undefined;
      clients.set(request, caller);
      const full = uploads?.begin(caller.clientId, reply) ?? null;
      return full === null ? undefined : refuse(parts, reply, { shape, refusal: full });
    },
    preParsing: async (request, _, payload) => {
      const client = clients.get(request);
      if (client === undefined || uploads !== undefined) return payload;
      return withinLimit(payload, request, client.limits.bodyBytes ?? parts.hardening.clientBodyBytes);
    },
    handler: async (request, reply) => {
      const work: RouteWork = {
        request,
        reply,
        ...parts.open.begin(reply),
        refuse: (refusal, runId) => refuse(parts, reply, { shape, refusal, runId }),
      };
      if (route.access === "open") return route.handle(work);
      const client = clients.get(request);
      if (client === undefined) throw new Error("a route ran without its caller being known");
      return inRequestSpan(request, reply, () => route.handle(work, client));
    },
    errorHandler: answerErrors(parts, route.dialect),
  });
}

function answerErrors(parts: ServerParts, dialect: GatewayRoute["dialect"]) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const refusal = refusalOf(error);
    if (refusal.status === 500) parts.logger.error({ err: error, request_id: request.id }, "a request failed");
    void refuse(parts, reply, { shape: parts.shapes[dialect], refusal });
  };
}

function refuse({ metrics }: ServerParts, reply: FastifyReply, refused: Refused): FastifyReply {
  metrics.refused(refused.refusal.status, refused.refusal.code);
  return sendRefusal(reply, refused);
}
