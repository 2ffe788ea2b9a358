/**
 * What was started in the last minute, for limits on requests and tokens a
 * minute: never more than the limit within any sixty seconds, whatever the
 * provider counts from. A call counts with all tokens that it can cost from its
 * start, and with what it did cost from its end. Seconds are counted whole, so a
 * start may count up to a second too long and never too short.
 */
export interface RateLimits {
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMinute?: number | undefined;
}

/** What was started in one second. */
interface Second {
  /** Whole seconds since 1970. */
  readonly at: number;
  readonly requests: number;
  readonly tokens: number;
}

/** Oldest first, empty seconds left out. */
export type RateWindow = readonly Second[];

const minuteSeconds = 60;

export function noteStart(window: RateWindow, tokens: number, nowMs: number): RateWindow {
  const at = secondOf(nowMs);
  const live = window.filter((second) => isLive(second, nowMs));
  const last = live.at(-1);
  if (last?.at !== at) return [...live, { at, requests: 1, tokens }];
  return [...live.slice(0, -1), { at, requests: last.requests + 1, tokens: last.tokens + tokens }];
}

/** The call that started then costs so many tokens more (or fewer: negative) than was counted. */
export function correct(window: RateWindow, startedAtMs: number, byTokens: number): RateWindow {
  const at = secondOf(startedAtMs);
  return window.map((second) =>
    second.at === at ? { ...second, tokens: Math.max(0, second.tokens + byTokens) } : second,
  );
}

/**
 * When a call of so many tokens may start, Unix milliseconds; `nowMs` when it may at once. One that is larger than the
 * whole limit starts when nothing else counts.
 */
export function readyAtMs(window: RateWindow, limits: RateLimits, tokens: number, nowMs: number): number {
  const { requestsPerMinute = Infinity, tokensPerMinute = Infinity } = limits;
  const most = { requests: Math.max(1, requestsPerMinute) - 1, tokens: Math.max(0, tokensPerMinute - tokens) };
  const live = window.filter((second) => isLive(second, nowMs));
  let requests = live.reduce((sum, second) => sum + second.requests, 0);
  let counted = live.reduce((sum, second) => sum + second.tokens, 0);
  let atMs = nowMs;
  for (const second of live) {
    if (requests <= most.requests && counted <= most.tokens) break;
    requests -= second.requests;
    counted -= second.tokens;
    atMs = (second.at + 1 + minuteSeconds) * 1000;
  }
  return atMs;
}

function secondOf(atMs: number): number {
  return Math.floor(atMs / 1000);
}

function isLive({ at }: Second, nowMs: number): boolean {
  return nowMs < (at + 1 + minuteSeconds) * 1000;
}
