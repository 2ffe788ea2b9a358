/**
 * The requests in progress, and the way they end when the process stops: first
 * it is only announced (/readyz says no, connections are not kept), then no
 * connection is taken any more and what is in progress ends; waits that are
 * not over by the end of the drain time end as if their time were up.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance, FastifyReply } from "fastify";

export interface StopTimes {
  /** From the announcement until connections are refused, for a load balancer to look elsewhere. */
  readonly delayMs: number;
  /** After that, until waits are ended. */
  readonly drainMs: number;
}

/** For answers that are being written when the last waits were ended. */
const lastWordsMs = 2000;

export class OpenRequests {
  readonly #open = new Set<AbortController>();
  #stopping = false;

  get count(): number {
    return this.#open.size;
  }

  get isStopping(): boolean {
    return this.#stopping;
  }

  /** `over` aborts when the caller goes away or waiting is given up; `isGone` tells which. */
  begin(reply: FastifyReply): { readonly over: AbortSignal; readonly isGone: () => boolean } {
    const controller = new AbortController();
    this.#open.add(controller);
    let gone = false;
    reply.raw.once("close", () => {
      this.#open.delete(controller);
      if (reply.raw.writableFinished) return;
      gone = true;
      controller.abort();
    });
    return { over: controller.signal, isGone: () => gone };
  }

  async stop(server: FastifyInstance, { delayMs, drainMs }: StopTimes): Promise<void> {
    this.#stopping = true;
    await sleep(delayMs);
    const drained = new AbortController();
    const closed = server.close().finally(() => drained.abort());
    await Promise.all([closed, this.#hurry(server, drainMs, drained.signal)]);
  }

  async #hurry(server: FastifyInstance, drainMs: number, drained: AbortSignal): Promise<void> {
    const pause = (ms: number) => sleep(ms, undefined, { signal: drained }).catch(() => undefined);
    await pause(drainMs);
    for (const controller of this.#open) controller.abort();
    await pause(lastWordsMs);
    if (!drained.aborted) server.server.closeAllConnections();
  }
}
