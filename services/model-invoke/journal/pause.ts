/** A wait that can be cut short: by a signal, or by whoever calls its entry among the wakers. It never rejects. */

/** Called to wake; an entry is there for as long as its wait lasts. */
export type Wakers = Set<() => void>;

export async function pause(waitMs: number, signal: AbortSignal, wakers: Wakers = new Set()): Promise<void> {
  if (signal.aborted || waitMs <= 0) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const wake = (): void => resolve();
  const timer = setTimeout(wake, waitMs);
  signal.addEventListener("abort", wake, { once: true });
  wakers.add(wake);
  await promise;
  clearTimeout(timer);
  signal.removeEventListener("abort", wake);
  wakers.delete(wake);
}
