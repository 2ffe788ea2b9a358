/**
 * A client's limit of bytes a body: by the length that the request declares, and
 * by what arrives when it declares none.
 */
import { Readable } from "node:stream";
import type { FastifyRequest } from "fastify";

/** What Fastify and refusalOf know as 413. */
class BodyTooLarge extends Error {
  readonly statusCode = 413;
}

/** The body to read on. Errors: BodyTooLarge, at once or while it is read. */
export function withinLimit(payload: Readable, request: FastifyRequest, limitBytes: number): Readable {
  const declared = request.headers["content-length"];
  if (declared === undefined) return Readable.from(counted(payload, limitBytes), { objectMode: false });
  if (Number(declared) > limitBytes) throw new BodyTooLarge();
  return payload;
}

async function* counted(payload: Readable, limitBytes: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of payload) {
    const piece = Buffer.from(chunk);
    bytes += piece.length;
    if (bytes > limitBytes) throw new BodyTooLarge();
    yield piece;
  }
}
