/**
 * The HTTP side of the registry: the part of the Confluent API that producers,
 * consumers and `@kafkajs/confluent-schema-registry` use.
 */
import { type Operations, readPosted, shown } from "./operations.ts";
import { RegistryError } from "./registry-error.ts";
import { schemaTypes } from "./schema-record.ts";

interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  /** `part(0)` is the path's first variable part. */
  readonly answer: (operations: Operations, part: (index: number) => string, body: unknown) => unknown;
}

const routes: readonly Route[] = [
  { method: "GET", pattern: /^\/$/, answer: () => ({}) },
  { method: "GET", pattern: /^\/subjects$/, answer: (operations) => operations.subjects() },
  { method: "GET", pattern: /^\/schemas\/types$/, answer: () => schemaTypes },
  {
    method: "GET",
    pattern: /^\/schemas\/ids\/(\d+)$/,
    answer: (operations, part) => {
      const { schema, schemaType } = shown(operations.byId(part(0)));
      return { ...(schemaType === undefined ? {} : { schemaType }), schema };
    },
  },
  {
    method: "GET",
    pattern: /^\/subjects\/([^/]+)\/versions$/,
    answer: (operations, part) => operations.versions(part(0)).map(({ version }) => version),
  },
  {
    method: "GET",
    pattern: /^\/subjects\/([^/]+)\/versions\/([^/]+)$/,
    answer: (operations, part) => shown(operations.version(part(0), part(1))),
  },
  {
    method: "POST",
    pattern: /^\/subjects\/([^/]+)\/versions$/,
    answer: async (operations, part, body) => ({ id: await operations.register(part(0), readPosted(body)) }),
  },
  {
    method: "POST",
    pattern: /^\/subjects\/([^/]+)$/,
    answer: (operations, part, body) => shown(operations.lookUp(part(0), readPosted(body))),
  },
  {
    method: "POST",
    pattern: /^\/compatibility\/subjects\/([^/]+)\/versions\/([^/]+)$/,
    answer: (operations, part, body) => ({
      is_compatible: operations.isCompatible(part(0), part(1), readPosted(body)),
    }),
  },
  { method: "GET", pattern: /^\/config$/, answer: (operations) => ({ compatibilityLevel: operations.level(null) }) },
  {
    method: "GET",
    pattern: /^\/config\/([^/]+)$/,
    answer: (operations, part) => ({ compatibilityLevel: operations.level(part(0)) }),
  },
  {
    method: "PUT",
    pattern: /^\/config$/,
    answer: async (operations, _part, body) => ({ compatibility: await operations.setLevel(null, body) }),
  },
  {
    method: "PUT",
    pattern: /^\/config\/([^/]+)$/,
    answer: async (operations, part, body) => ({ compatibility: await operations.setLevel(part(0), body) }),
  },
];

export interface Asked {
  readonly method: string;
  /** Without query. */
  readonly path: string;
  /** Null when there is none or it is not JSON. */
  readonly body: unknown;
}

/** Errors: RegistryError. */
export async function answerTo(asked: Asked, operations: Operations): Promise<unknown> {
  for (const { method, pattern, answer } of routes) {
    const match = method === asked.method ? pattern.exec(asked.path) : null;
    if (match === null) continue;
    return answer(operations, (index) => decodeURIComponent(match[index + 1] ?? ""), asked.body);
  }
  throw new RegistryError(404, `HTTP 404 Not Found: ${asked.method} ${asked.path}`);
}
