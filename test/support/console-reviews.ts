/** The review queue for the console's tests: a topic in memory, followed as a gateway does, with answers of several kinds. */
import type { ReviewHeld, ReviewRecord } from "../../schemas/records/review.ts";
import { openLiveReviews, type LiveReviews } from "../../services/gateway/reviews/live-reviews.ts";
import type { GatewayParts } from "../../services/gateway/gateway-routes.ts";
import { hostile } from "./console-runs.ts";
import { heldReview, othersDecision, reviewTopicWith } from "./review-topic.ts";
import { sampleHarness } from "./sample-definition.ts";

const hour = 3_600_000;

function heldNow(last: string, dueMs: number, fields: Partial<ReviewHeld> = {}): ReviewHeld {
  const nowMs = Date.now();
  return {
    ...heldReview,
    run_id: `${heldReview.run_id.slice(0, -2)}${last}`,
    held_at_ms: nowMs - hour,
    due_at_ms: nowMs + dueMs,
    ...fields,
  };
}

/** Due first in front: structured, hostile words, sealed. */
export function heldReviews(): readonly [invoice: ReviewHeld, harmful: ReviewHeld, sealed: ReviewHeld] {
  return [
    heldNow("a1", 600_000),
    heldNow("a2", 5 * hour, {
      client_id: "globex",
      output: { plain: `In short: ${hostile}` },
      contract: { format: "text", maxTokens: 500 },
      excerpts: { plain: [{ rule: "content.hate.slur", field: "answer", claim: hostile }] },
      guards: [
        {
          guard: "content",
          verdict: "flagged",
          findings: [{ rule: "content.hate.slur", version: "1", severity: "high", span: { start: 3, end: 8 } }],
        },
      ],
      reasons: [{ code: "content.hate", message: "the answer speaks hatefully" }],
    }),
    heldNow("a3", 20 * hour, { output: { key_id: "subject-1", sealed: "AAAA" }, excerpts: { plain: [] } }),
  ];
}

/** What another reviewer writes about it. */
export function decidedByOmar(runId: string): ReviewRecord {
  return { ...othersDecision, run_id: runId, decided_at_ms: Date.now() };
}

interface ReviewGateway {
  readonly parts: Pick<GatewayParts, "reviews" | "publish" | "definitions">;
  readonly live: LiveReviews;
  readonly append: (record: ReviewRecord) => void;
}

export async function followedReviews(records: readonly ReviewRecord[]): Promise<ReviewGateway> {
  const topic = reviewTopicWith(...records);
  const live = await openLiveReviews({ reader: topic.log, nowMs: Date.now });
  return {
    live,
    append: topic.append,
    parts: { reviews: live, publish: topic.publish, definitions: { get: () => sampleHarness() } },
  };
}
