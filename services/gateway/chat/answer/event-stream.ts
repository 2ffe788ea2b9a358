/**
 * The events of an answer that is still being waited for: a keep-alive now and
 * at a steady pace until it is there, then all of it. Events are made as they
 * are taken, so a slow reader holds no more than a few.
 */
export interface Waited<Outcome> {
  readonly outcome: Promise<Outcome>;
  readonly keepAlive: string;
  readonly everyMs: number;
  readonly eventsOf: (outcome: Outcome) => Iterable<string>;
}

export async function* eventStream<Outcome>(waited: Waited<Outcome>): AsyncGenerator<string> {
  const { outcome, keepAlive, everyMs, eventsOf } = waited;
  for (;;) {
    yield keepAlive;
    const ended = await within(outcome, everyMs);
    if (ended !== null) return yield* eventsOf(ended.value);
  }
}

/** Null when it takes longer. Errors: those of the promise. */
export async function within<Value>(promise: Promise<Value>, ms: number): Promise<{ readonly value: Value } | null> {
  const { promise: late, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(() => resolve(null), ms);
  try {
    return await Promise.race([promise.then((value) => ({ value })), late]);
  } finally {
    clearTimeout(timer);
  }
}
