/**
 * The page of the OpenAPI document, at /docs. Everything it loads is its own;
 * its content policy lets it do no more than that and ask this server.
 */
import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";
import type { JsonObject } from "./schema-json.ts";

export const pagePrefix = "/docs";

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  // Swagger UI sets styles on its elements.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

export function servePage(server: FastifyInstance, document: JsonObject): void {
  void server.register(swagger, { mode: "static", specification: { document: { ...emptyDocument, ...document } } });
  void server.register(swaggerUi, { routePrefix: pagePrefix, staticCSP: policy, logo, logLevel: "silent" });
}

const logo = {
  type: "image/svg+xml",
  content: Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="160" height="32" viewBox="0 0 160 32">' +
      '<path d="M2 24c5 0 5-8 10-8s5 8 10 8 5-8 10-8" fill="none" stroke="#7fd1e0" stroke-width="3"/>' +
      '<text x="42" y="23" font-family="sans-serif" font-size="19" fill="#fff">Breakwater</text></svg>',
  ),
  href: pagePrefix,
};

/** For the type that the page's package wants. */
const emptyDocument = { openapi: "3.1.0", info: { title: "", version: "" }, paths: {} };
