/**
 * The way to one model: calls take a slot before they leave and give it back
 * when they are over. A call that waits is let in by its turn (waiting-line.ts)
 * when another ends or when the minute's limits allow it. It gives up at its own
 * time or when its signal aborts, and leaves no trace then.
 */
import { AnswerTimes } from "./answer-times.ts";
import { firstLimit, limitAfter, type CallSignal, type ConcurrencyLimit } from "./concurrency-limit.ts";
import { WaitingLine, type Party, type Waiter } from "./waiting-line.ts";
import { correct, noteStart, readyAtMs, type RateLimits, type RateWindow } from "./rate-window.ts";

/** Of this process: its share of what all may do. */
export interface GateLimits extends RateLimits {
  /** Calls in flight, however well they go. */
  readonly maxConcurrent: number;
}

export interface GateSettings {
  readonly limits: () => GateLimits;
  readonly nowMs: () => number;
}

export interface Patience {
  /** Unix milliseconds. */
  readonly untilMs: number;
  readonly signal: AbortSignal;
}

/** How a call ended, as far as it says what the model takes. */
export interface SlotEnd extends Pick<CallSignal, "firstTokenMs"> {
  /** `given_up`: another call's answer was faster. */
  readonly kind: CallSignal["kind"] | "given_up";
  /** All buckets together; undefined when nobody knows, and what was reserved stays counted. */
  readonly tokens?: number | undefined;
}

export interface Slot {
  readonly end: (end: SlotEnd) => void;
  /** Nothing was sent; without effect once the slot is free. */
  readonly giveBack: () => void;
}

interface Seat extends Waiter {
  readonly letIn: (slot: Slot) => void;
}

interface Call {
  readonly startedAtMs: number;
  readonly tokens: number;
}

export class ModelGate {
  readonly #settings: GateSettings;
  readonly #inFlight = new Set<Call>();
  readonly #waiting = new WaitingLine<Seat>();
  #limit: ConcurrencyLimit;
  #window: RateWindow = [];
  #timer: NodeJS.Timeout | undefined;
  readonly #times = new AnswerTimes();
  /** A moving average, milliseconds. */
  #callMs = 0;

  constructor(settings: GateSettings) {
    this.#settings = settings;
    this.#limit = firstLimit(settings.limits().maxConcurrent);
  }

  /** Calls that may be in flight now. */
  get limit(): number {
    return Math.floor(Math.min(this.#limit.limit, this.#settings.limits().maxConcurrent));
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  get slowMs(): number | undefined {
    return this.#times.p95();
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** How long a call that comes now is likely to wait, milliseconds: 0 when there is room. */
  waitMs(call: Waiter): number {
    return Math.max(this.#waitForCalls(call), this.#waitForMinute(call));
  }

  /** Null when it would have to wait. */
  tryTake(tokens: number): Slot | null {
    const nowMs = this.#settings.nowMs();
    const free = this.#waiting.size === 0 && this.#hasRoom() && this.#readyAtMs(tokens, nowMs) <= nowMs;
    return free ? this.#start(tokens, nowMs) : null;
  }

  /** Null when patience ended before its turn came. */
  async take(call: Waiter, { untilMs, signal }: Patience): Promise<Slot | null> {
    const free = this.tryTake(call.tokens);
    if (free !== null) return free;
    const waitMs = untilMs - this.#settings.nowMs();
    if (signal.aborted || waitMs <= 0) return null;
    const { promise, resolve } = Promise.withResolvers<Slot | null>();
    const seat: Seat = { ...call, letIn: resolve };
    const giveUp = (): void => {
      if (!this.#waiting.leave(seat)) return;
      resolve(null);
      this.#admit();
    };
    const timer = setTimeout(giveUp, waitMs);
    signal.addEventListener("abort", giveUp, { once: true });
    this.#waiting.add(seat);
    this.#admit();
    const slot = await promise;
    clearTimeout(timer);
    signal.removeEventListener("abort", giveUp);
    return slot;
  }

  #hasRoom(): boolean {
    return this.#inFlight.size < this.limit;
  }

  #readyAtMs(tokens: number, nowMs: number): number {
    return readyAtMs(this.#window, this.#settings.limits(), tokens, nowMs);
  }

  #start(tokens: number, nowMs: number): Slot {
    const call: Call = { startedAtMs: nowMs, tokens };
    const { requestsPerMinute, tokensPerMinute } = this.#settings.limits();
    if (requestsPerMinute !== undefined || tokensPerMinute !== undefined) {
      this.#window = noteStart(this.#window, tokens, nowMs);
    }
    this.#inFlight.add(call);
    return { end: (end) => this.#ended(call, end), giveBack: () => this.#over(call, 0) };
  }

  #ended(call: Call, { kind: end, firstTokenMs, tokens }: SlotEnd): void {
    if (!this.#inFlight.has(call)) return;
    const atMs = this.#settings.nowMs();
    const { startedAtMs } = call;
    const inFlight = this.#inFlight.size;
    const { maxConcurrent } = this.#settings.limits();
    const kind = end === "given_up" ? "other" : end;
    this.#limit = limitAfter(this.#limit, { kind, startedAtMs, atMs, inFlight, firstTokenMs }, maxConcurrent);
    const tookMs = atMs - startedAtMs;
    if (end === "answered" || end === "given_up") this.#times.note(tookMs);
    if (end === "answered") {
      this.#callMs = this.#callMs === 0 ? tookMs : this.#callMs + (tookMs - this.#callMs) / 10;
    }
    this.#over(call, tokens);
  }

  #over(call: Call, tokens: number | undefined): void {
    if (!this.#inFlight.delete(call)) return;
    if (tokens !== undefined) this.#window = correct(this.#window, call.startedAtMs, tokens - call.tokens);
    this.#admit();
  }

  /** Lets in who is next for as long as there is room; comes back when the minute's limits will allow the next. */
  #admit(): void {
    clearTimeout(this.#timer);
    for (let seat = this.#waiting.next(); seat !== undefined; seat = this.#waiting.next()) {
      if (!this.#hasRoom()) return;
      const nowMs = this.#settings.nowMs();
      const readyMs = this.#readyAtMs(seat.tokens, nowMs);
      if (readyMs > nowMs) {
        this.#timer = setTimeout(() => this.#admit(), readyMs - nowMs);
        return;
      }
      this.#waiting.go(seat);
      seat.letIn(this.#start(seat.tokens, nowMs));
    }
  }

  /** Calls end one after the other; one that already takes longer than usual tells more than the average. */
  #waitForCalls(party: Party): number {
    const ahead = this.#inFlight.size + this.#waiting.ahead(party) - this.limit;
    if (ahead < 0) return 0;
    const [oldest] = this.#inFlight;
    const oldestMs = oldest === undefined ? 0 : this.#settings.nowMs() - oldest.startedAtMs;
    return ((ahead + 1) * Math.max(this.#callMs, oldestMs)) / this.limit;
  }

  #waitForMinute(call: Waiter): number {
    const { requestsPerMinute = Infinity, tokensPerMinute = Infinity } = this.#settings.limits();
    const nowMs = this.#settings.nowMs();
    const ahead = this.#waiting.ahead(call);
    const tokensAhead = ahead === 0 ? 0 : (this.#waiting.tokens * ahead) / this.#waiting.size;
    return Math.max(
      this.#readyAtMs(call.tokens, nowMs) - nowMs,
      (ahead / requestsPerMinute) * 60_000,
      (tokensAhead / tokensPerMinute) * 60_000,
    );
  }
}
