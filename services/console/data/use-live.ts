/**
 * What a route of the gateway answers, kept up to date: asked again every so
 * often while the page is looked at, at once when it is looked at again, ever
 * more rarely while it fails. What was there stays until there is something
 * newer, so nothing on the page jumps. Asking rather than a stream: it holds
 * through any proxy and over several gateways, and leaves the browser's few
 * connections free.
 */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ApiError, get } from "./api.ts";
import { tellStale, type Stale } from "./staleness.ts";

export interface Live<T> {
  /** Null until the first answer. While another path loads, the one before. */
  readonly data: T | null;
  /** Of the last request, null when it went well. */
  readonly error: ApiError | null;
  /** Nothing of this path has come yet. */
  readonly isLoading: boolean;
  /** Asks now, after something was changed. */
  readonly refresh: () => void;
}

const usualMs = 10_000;
const rarestMs = 60_000;

interface Seen<T> {
  readonly path: string | null;
  readonly data: T | null;
  readonly error: ApiError | null;
}

/** `path` null: nothing is asked yet. Asks every `everyMs`; for what costs the ledger work 30 s is right. */
export function useLive<T>(path: string | null, everyMs = usualMs): Live<T> {
  const [seen, setSeen] = useState<Seen<T>>({ path: null, data: null, error: null });
  const ask = useRef<() => void>(() => undefined);
  useEffect(() => {
    if (path === null) return undefined;
    return poll<T>(path, everyMs, { ask, setSeen });
  }, [path, everyMs]);
  const refresh = useCallback(() => ask.current(), []);
  return { data: seen.data, error: seen.path === path ? seen.error : null, isLoading: seen.path !== path, refresh };
}

interface Polling<T> {
  readonly ask: { current: () => void };
  readonly setSeen: (change: (before: Seen<T>) => Seen<T>) => void;
}

function poll<T>(path: string, everyMs: number, { ask, setSeen }: Polling<T>): () => void {
  let over = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let answeredAtMs: number | null = null;
  const me = {};
  const now = async (): Promise<void> => {
    clearTimeout(timer);
    over.abort();
    over = new AbortController();
    const { signal } = over;
    const outcome = await asked<T>(path, signal);
    if (signal.aborted || outcome === null) return;
    failures = outcome.error === null ? 0 : failures + 1;
    if (outcome.error === null) answeredAtMs = Date.now();
    tellStale(me, staleBy(outcome.error, answeredAtMs));
    setSeen((before) => ({ path, data: outcome.data ?? before.data, error: outcome.error }));
    timer = setTimeout(again, Math.min(everyMs * 2 ** failures, Math.max(rarestMs, everyMs)));
  };
  const again = (): void => void (document.hidden ? undefined : now());
  ask.current = () => void now();
  document.addEventListener("visibilitychange", again);
  void now();
  return () => {
    clearTimeout(timer);
    over.abort();
    tellStale(me, null);
    document.removeEventListener("visibilitychange", again);
  };
}

/** An error in the place of an answer is shown there; one behind an answer makes that answer old. */
function staleBy(error: ApiError | null, sinceMs: number | null): Stale | null {
  if (error === null) return null;
  const isReached = error.status !== 0;
  return isReached && sinceMs === null ? null : { sinceMs, isReached };
}

/** Null when the request was given up. */
async function asked<T>(path: string, signal: AbortSignal): Promise<Omit<Seen<T>, "path"> | null> {
  try {
    return { data: await get<T>(path, signal), error: null };
  } catch (error) {
    return error instanceof ApiError ? { data: null, error } : null;
  }
}
