/**
 * Uploads: bodies that are larger than a request and come as they are. They are
 * held in memory while they are read, so few are at once, and one of a client:
 * 4 of 64 MiB, and as much again for a moment when a body's last piece is in.
 */
import type { FastifyInstance, FastifyReply } from "fastify";
import type { Refusal } from "../admission/admission.ts";

const mostAtOnce = 4;
const retryMs = 1000;

const ownUnderWay: Refusal = {
  status: 429,
  code: "upload_under_way",
  message: "another upload of this client is under way: one at a time",
  retryAfterMs: retryMs,
};
const full: Refusal = {
  status: 503,
  code: "uploads_full",
  message: `${mostAtOnce} uploads are under way, which is the most at once`,
  retryAfterMs: retryMs,
};

export class Uploads {
  readonly #clients = new Set<string>();

  /** Null when it may come; its place is free when the answer is out or the caller gone. */
  begin(clientId: string, reply: Pick<FastifyReply, "raw">): Refusal | null {
    if (this.#clients.has(clientId)) return ownUnderWay;
    if (this.#clients.size >= mostAtOnce) return full;
    this.#clients.add(clientId);
    reply.raw.once("close", () => this.#clients.delete(clientId));
    return null;
  }

  /** Registers routes that take these content types and no others, as bytes. */
  accept(server: FastifyInstance, types: readonly string[], register: (scope: FastifyInstance) => void): void {
    void server.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser([...types], { parseAs: "buffer" }, async (_: unknown, body: Buffer) => body);
      register(scope);
    });
  }
}
