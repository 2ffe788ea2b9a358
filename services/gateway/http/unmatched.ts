/**
 * Requests that meet no route: 405 with the methods there are when the address
 * is a route's, else 404; in the shape of the SDK that seems to ask, before
 * anything of the body is read.
 */
import type { FastifyRequest } from "fastify";
import type { Refusal } from "../admission/admission.ts";
import type { Dialect, GatewayRoute } from "../route.ts";
import { refusalOfStatus } from "./errors.ts";

export interface Unmatched {
  readonly dialect: Dialect;
  readonly refusal: Refusal;
  /** For the header `allow`. */
  readonly allowed: readonly string[];
}

export function unmatchedBy(
  routes: readonly Pick<GatewayRoute, "method" | "url" | "dialect">[],
): (request: Pick<FastifyRequest, "url" | "headers">) => Unmatched {
  const places = routes.map((route) => ({ ...route, pattern: patternOf(route.url) }));
  return ({ url, headers }) => {
    const [path = ""] = url.split("?");
    const here = places.filter(({ pattern }) => pattern.test(path));
    const [first] = here;
    const dialect = first?.dialect ?? (headers["anthropic-version"] === undefined ? "native" : "anthropic");
    if (first === undefined) return { dialect, refusal: refusalOfStatus(404), allowed: [] };
    const methods = here.flatMap(({ method }) => (method === "GET" ? ["GET", "HEAD"] : [method]));
    const refusal = { status: 405, code: "method_not_allowed", message: `allowed: ${methods.join(", ")}` } as const;
    return { dialect, refusal, allowed: methods };
  };
}

function patternOf(url: string): RegExp {
  const parts = url.split("/").map((part) => {
    if (part === "*") return ".*";
    return part.startsWith(":") ? "[^/]+" : part.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
  });
  return new RegExp(`^${parts.join("/")}$`);
}
