/**
 * Follows a topic until it is told to stop. Should following fail for good once
 * it works, the process ends: one that hears nothing any more and says so to
 * nobody would be worse.
 */
import type { FollowOptions, LogReader } from "../log-reader.ts";

/** Resolves when all is shown that was there; `ended` resolves after the signal's abort. Errors: as LogReader.follow, until then. */
export async function followTopic(
  reader: Pick<LogReader, "follow">,
  options: Omit<FollowOptions, "onCaughtUp">,
): Promise<{ readonly ended: Promise<void> }> {
  const caughtUp = Promise.withResolvers<void>();
  let isReady = false;
  const onCaughtUp = (): void => {
    isReady = true;
    caughtUp.resolve();
  };
  const ended = reader.follow({ ...options, onCaughtUp }).then(
    () => caughtUp.reject(new Error(`${options.topic} was closed before it was read`)),
    (error: unknown) => {
      if (!isReady) return caughtUp.reject(error);
      queueMicrotask(() => {
        throw error;
      });
    },
  );
  await caughtUp.promise;
  return { ended };
}
