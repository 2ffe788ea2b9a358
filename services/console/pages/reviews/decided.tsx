/** What was decided about an answer, by whom and when: nothing is left to do. */
import type { DecisionView } from "../../../gateway/reviews/review-view.ts";
import { words, type Tone } from "../../format/status.ts";
import { Badge } from "../../parts/badge.tsx";
import { ModelText } from "../../parts/model-text.tsx";
import { Time } from "../../parts/time.tsx";

const tones: Readonly<Record<DecisionView["decision"], Tone>> = {
  approve: "good",
  edit: "good",
  reject: "bad",
  timed_out: "warn",
  cancelled: "warn",
};

interface DecidedProps {
  readonly decision: DecisionView;
  readonly onLeave: () => void;
}

export function Decided({ decision: { decision, reviewer, reason, decided_at_ms: atMs }, onLeave }: DecidedProps) {
  return (
    <div class="review-decided" role="status">
      <p>
        <Badge tone={tones[decision]}>{words(decision)}</Badge>
        {reviewer === undefined ? null : (
          <>
            {" by "}
            <ModelText text={reviewer} />
          </>
        )}{" "}
        <Time atMs={atMs} />
        {reason === undefined ? null : (
          <>
            : <ModelText text={reason} />
          </>
        )}
      </p>
      <button type="button" onClick={onLeave}>
        Next answer
      </button>
    </div>
  );
}
