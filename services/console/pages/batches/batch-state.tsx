/** What a batch is doing, in one word. */
import type { BatchView, ProgressView } from "../../../gateway/batches/view/batch-view.ts";
import { useNow } from "../../data/use-now.ts";
import { Badge } from "../../parts/badge.tsx";

interface BatchStateProps {
  readonly batch: Pick<BatchView, "complete" | "deadline_at_ms">;
  readonly progress: Pick<ProgressView, "ended" | "by_status" | "in_review"> | null;
}

export function BatchState({ batch: { complete, deadline_at_ms: deadlineMs }, progress }: BatchStateProps) {
  const nowMs = useNow();
  if (progress === null) return <Badge tone="quiet">unknown</Badge>;
  const { ended, by_status: byStatus, in_review: inReview } = progress;
  if (ended === true) return <Badge tone="good">ended</Badge>;
  if (complete === false) return <Badge tone="warn">upload cut off</Badge>;
  if ((byStatus.cancelled ?? 0) > 0) return <Badge tone="warn">cancelled</Badge>;
  if (deadlineMs !== null && deadlineMs < nowMs) return <Badge tone="warn">past its deadline</Badge>;
  if (inReview > 0) return <Badge tone="accent">{inReview} in review</Badge>;
  return ended === null ? <Badge tone="quiet">command line</Badge> : <Badge tone="accent">running</Badge>;
}
