/** The queue as the page shows it: narrowed by what stands in the address, and who comes next. Pure. */
import type { WaitingReview } from "../../../gateway/reviews/review-view.ts";

export interface QueueFilter {
  readonly client: string | null;
  readonly harness: string | null;
}

export function narrowed(queue: readonly WaitingReview[], { client, harness }: QueueFilter): readonly WaitingReview[] {
  return queue.filter(
    (item) => (client === null || item.client_id === client) && (harness === null || item.harness.name === harness),
  );
}

/** What can be chosen, in order; what is chosen stays among it though nothing of it waits any more. */
export function choices(values: readonly string[], chosen: string | null): readonly string[] {
  return [...new Set(chosen === null ? values : [...values, chosen])].toSorted();
}

/** Who comes after this one has been decided: the one behind it, else the one before it, else nobody. */
export function nextAfter(queue: readonly Pick<WaitingReview, "run_id">[], runId: string): string | null {
  const at = queue.findIndex(({ run_id: id }) => id === runId);
  if (at === -1) return queue[0]?.run_id ?? null;
  return (queue[at + 1] ?? queue[at - 1])?.run_id ?? null;
}

/** The one so many places further on, as far as the queue goes. */
export function moved(
  queue: readonly Pick<WaitingReview, "run_id">[],
  runId: string | null,
  by: number,
): string | null {
  const at = queue.findIndex(({ run_id: id }) => id === runId);
  return queue[Math.min(queue.length - 1, Math.max(0, at + by))]?.run_id ?? null;
}
