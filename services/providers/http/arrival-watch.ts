/**
 * Watches one request arrive: connected, first byte or token, and then token
 * after token. Each has its limit, and the first that runs out is told once.
 * Only pieces that carry tokens count in a stream: pings keep nothing alive.
 */
import type { ClientRequest, IncomingMessage } from "node:http";

/** Milliseconds; each of them ends the call as a `timeout` that says which. */
export interface TimeLimits {
  /** Until there is a connection, from the moment one is asked for. */
  readonly connectMs: number;
  /** Until the first token (of a stream) or the headers (of a whole answer), from the moment the request leaves. */
  readonly firstByteMs: number;
  /** Between two pieces of a stream that carry tokens: what only keeps the connection open does not count. */
  readonly idleMs: number;
}

export type LateCode = "not_connected" | "no_first_byte" | "stalled";

/** Without limits it only measures. */
export class ArrivalWatch {
  readonly #limits: TimeLimits | undefined;
  readonly #late: (code: LateCode) => void;
  readonly #leftAtMs = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #streamed = false;
  #firstByteMs: number | null = null;

  constructor(request: ClientRequest, limits: TimeLimits | undefined, late: (code: LateCode) => void) {
    this.#limits = limits;
    this.#late = late;
    request.on("close", () => clearTimeout(this.#timer));
    if (limits === undefined) return;
    this.#wait("not_connected", limits.connectMs);
    request.on("socket", (socket) => {
      if (socket.connecting) socket.once(isSecure(request) ? "secureConnect" : "connect", () => this.#sent());
      else this.#sent();
    });
  }

  /** Milliseconds from the request's leaving; 0 as long as nothing is here. */
  get firstByteMs(): number {
    return Math.round(this.#firstByteMs ?? 0);
  }

  answering(response: IncomingMessage): void {
    this.#streamed = (response.headers["content-type"] ?? "").startsWith("text/event-stream");
    if (this.#streamed) return;
    this.#begun();
    clearTimeout(this.#timer);
  }

  received(chunk: Buffer): void {
    if (!this.#streamed || !carriesTokens(chunk)) return;
    this.#begun();
    if (this.#limits !== undefined) this.#wait("stalled", this.#limits.idleMs);
  }

  #sent(): void {
    if (this.#limits !== undefined) this.#wait("no_first_byte", this.#limits.firstByteMs);
  }

  #begun(): void {
    this.#firstByteMs ??= performance.now() - this.#leftAtMs;
  }

  #wait(code: LateCode, limitMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#late(code), limitMs);
  }
}

function isSecure(request: ClientRequest): boolean {
  return request.protocol === "https:";
}

/** Both dialects call what an event adds its delta. */
function carriesTokens(chunk: Buffer): boolean {
  return chunk.includes("delta");
}
