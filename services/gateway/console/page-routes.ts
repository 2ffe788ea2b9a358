/**
 * The console's page: its document at every address below /console, so that an
 * address in it can be kept and sent on, and its files, which browsers may keep
 * for ever. The content policy lets it run its own scripts only, ask this
 * server only, and turn no text into markup.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Refusal } from "../admission/admission.ts";
import { openRoute, type GatewayRoute } from "../route.ts";
import type { BuiltPage, PageFile } from "./built-page.ts";

export interface PageParts {
  /** Null when it was not built. */
  readonly page: BuiltPage | null;
}

export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

const described = { method: "GET", dialect: "native", tag: "page" } as const;
const notBuilt: Refusal = {
  status: 404,
  code: "not_found",
  message: "the console's page is not built here: node services/console/build.ts builds it",
};
const noSuchFile: Refusal = { status: 404, code: "not_found", message: "the console has no such file (any more)" };

export function pageRoutes({ page }: PageParts): readonly GatewayRoute[] {
  return [
    ...["/console", "/console/*"].map((url) =>
      openRoute({
        ...described,
        url,
        summary: "The console",
        accepts: {},
        answers: { 200: { description: "Its page", contentType: "text/html" } },
        handle: ({ refuse }, reply) =>
          Promise.resolve(page === null ? refuse(notBuilt) : send(reply, page.document, "no-cache")),
      }),
    ),
    openRoute({
      ...described,
      url: "/console/assets/:file",
      summary: "A file of the console",
      accepts: { params: z.object({ file: z.string() }) },
      answers: { 200: { description: "The file", contentType: "*/*" }, 404: { description: "There is none" } },
      handle: ({ params, refuse }, reply) => {
        const file = page?.assets.get(params.file);
        return Promise.resolve(
          file === undefined ? refuse(noSuchFile) : send(reply, file, "public, max-age=31536000, immutable"),
        );
      },
    }),
  ];
}

function send(reply: FastifyReply, { contentType, plain, gzip }: PageFile, caching: string): FastifyReply {
  const isGzip = takesGzip(reply.request);
  return reply
    .headers({
      "content-type": contentType,
      "content-security-policy": pagePolicy,
      "cache-control": caching,
      vary: "accept-encoding",
      ...(isGzip ? { "content-encoding": "gzip" } : {}),
    })
    .send(isGzip ? gzip : plain);
}

function takesGzip({ headers }: FastifyRequest): boolean {
  const accepted = String(headers["accept-encoding"] ?? "");
  return accepted.split(",").some((coding) => /^\s*gzip\s*(?:;\s*q=(?:1|0?\.\d*[1-9]\d*)\s*)?$/.test(coding));
}
