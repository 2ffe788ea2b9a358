/** What waits, the one that is due first in front: for whom, why, and how long there is. */
import type { WaitingReview } from "../../../gateway/reviews/review-view.ts";
import { linkTo, usePlace } from "../../navigation/place.ts";
import { Badge } from "../../parts/badge.tsx";
import { ModelText } from "../../parts/model-text.tsx";
import { DueIn } from "./due-in.tsx";

interface QueueListProps {
  readonly items: readonly WaitingReview[];
  readonly current: string | null;
}

export function QueueList({ items, current }: QueueListProps) {
  const { query } = usePlace();
  return (
    <ol class="queue-list">
      {items.map(({ run_id: id, client_id: client, harness, reasons, due_at_ms: dueAtMs, escalated }) => (
        <li key={id}>
          <a
            href={linkTo("/reviews", { ...Object.fromEntries(query), run: id })}
            aria-current={id === current ? "true" : undefined}
          >
            <span class="queue-head">
              <strong>{harness.name}</strong>
              <DueIn atMs={dueAtMs} />
            </span>
            <span class="queue-facts">
              <ModelText text={client} />
              {escalated ? <Badge tone="warn">urgent</Badge> : null}
            </span>
            <span class="quiet queue-why">{[...new Set(reasons.map(({ code }) => code))].join(", ")}</span>
          </a>
        </li>
      ))}
    </ol>
  );
}
