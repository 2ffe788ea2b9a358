/**
 * The OpenAPI 3.1 document of the gateway, made from its routes' declarations:
 * what they take, what they answer, and what every route refuses with. Pure.
 */
import packageJson from "../../../package.json" with { type: "json" };
import type { Answer, GatewayRoute } from "../route.ts";
import { errorSchemas } from "./error-schemas.ts";
import { objectOf, schemaJson, type JsonObject } from "./schema-json.ts";

const description = [
  "Runs of harnesses over HTTP: every call is guarded, durable and billed.",
  "Keys are sent as `Authorization: Bearer <key>` or `x-api-key: <key>`.",
].join(" ");

export function openApiDocument(routes: readonly GatewayRoute[]): JsonObject {
  const documented = routes.filter(({ tag }) => tag !== "page");
  const byPlace = Map.groupBy(documented, ({ url }) => placeOf(url));
  const paths = [...byPlace].map(([place, there]) => [
    place,
    Object.fromEntries(there.map((route) => [route.method.toLowerCase(), operation(route)])),
  ]);
  return {
    openapi: "3.1.0",
    info: { title: "Breakwater gateway", version: packageJson.version, description },
    servers: [{ url: "/" }],
    paths: Object.fromEntries(paths),
    components: {
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer" },
        apiKey: { type: "apiKey", in: "header", name: "x-api-key" },
      },
    },
  };
}

/** `/v1/runs/:id` is `/v1/runs/{id}` there. */
function placeOf(url: string): string {
  return url.replaceAll(/:([A-Za-z]+)/g, "{$1}");
}

function operation(route: GatewayRoute): JsonObject {
  const { method, url, tag, summary, access, accepts, uploadTypes = ["application/json"] } = route;
  const words = url.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  return {
    operationId: [method.toLowerCase(), ...words].join("_"),
    tags: [tag],
    summary,
    ...(access === "open" ? { security: [] } : { security: [{ bearer: [] }, { apiKey: [] }] }),
    parameters: [
      ...parameters("path", accepts.params),
      ...parameters("query", accepts.query),
      ...parameters("header", accepts.headers),
    ],
    ...(accepts.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: contentOf(uploadTypes, accepts.body),
          },
        }),
    responses: responses(route),
  };
}

function contentOf(types: readonly string[], body: NonNullable<GatewayRoute["accepts"]["body"]>): JsonObject {
  return Object.fromEntries(types.map((type) => [type, { schema: schemaJson(body, "input") }]));
}

function parameters(place: "path" | "query" | "header", schema: GatewayRoute["accepts"]["params"]): readonly object[] {
  if (schema === undefined) return [];
  const { properties, required } = schemaJson(schema, "input");
  const needed: unknown[] = Array.isArray(required) ? required : [];
  return Object.entries(objectOf(properties)).map(([name, given]) => {
    const { description: meaning, ...rest } = objectOf(given);
    return {
      name,
      in: place,
      required: place === "path" || needed.includes(name),
      ...(meaning === undefined ? {} : { description: meaning }),
      schema: rest,
    };
  });
}

function responses(route: GatewayRoute): JsonObject {
  const all: Readonly<Record<string, Answer>> = { ...refusalsOf(route), ...route.answers };
  return Object.fromEntries(Object.entries(all).map(([status, answer]) => [status, response(route, status, answer)]));
}

function response({ dialect }: GatewayRoute, status: string, answer: Answer): JsonObject {
  const { description: meaning, headers, contentType = "application/json", isStreamedToo = false } = answer;
  const isError = status === "default" || Number(status) >= 400;
  const body = answer.body ?? (isError ? errorSchemas[dialect] : undefined);
  return {
    description: meaning,
    ...(headers === undefined ? {} : { headers: headersJson(headers) }),
    ...(body === undefined
      ? {}
      : {
          content: {
            [contentType]: { schema: schemaJson(body, "output") },
            ...(isStreamedToo ? { "text/event-stream": {} } : {}),
          },
        }),
  };
}

function headersJson(headers: Readonly<Record<string, string>>): JsonObject {
  return Object.fromEntries(
    Object.entries(headers).map(([name, meaning]) => [name, { description: meaning, schema: { type: "string" } }]),
  );
}

/** What a route can be refused with beside what it says itself, by what it asks and takes. */
function refusalsOf({ access, accepts }: GatewayRoute): Readonly<Record<string, Answer>> {
  const isOpen = access === "open";
  return {
    ...(isOpen ? {} : { 401: { description: "No key, or none that is good" } }),
    ...(isOpen ? {} : { 403: { description: "The key does not open this" } }),
    ...(accepts.body === undefined ? {} : ofBodies),
    ...(access === "run" ? ofRuns : {}),
    default: { description: "Any other refusal" },
  };
}

const ofBodies = {
  400: { description: "The request is not as the route wants it" },
  413: { description: "The body is too large" },
  415: { description: "The body is of another content type" },
};

const ofRuns = {
  404: { description: "There is no such harness" },
  409: { description: "The Idempotency-Key was used for another run, or the run was cancelled" },
  410: { description: "Its data subject was erased, and the answer with them" },
  429: { description: "A limit of the client or a budget is used up", headers: { "retry-after": "Seconds" } },
  503: { description: "The pipeline is too far behind, or not there", headers: { "retry-after": "Seconds" } },
};
