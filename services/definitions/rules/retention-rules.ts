/**
 * What must hold of how long content can be read: whatever a run still needs of
 * it is over by then, a person's decision among it.
 */
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import type { Reason } from "../../../schemas/parts/finding.ts";
import { leastContentMs } from "../../../schemas/policies/retention-policy.ts";

export function brokenRetentionRules({ retention, deadlineMs, review, degrade }: HarnessDefinition): Reason[] {
  if (retention === undefined) return [];
  const leastMs = leastContentMs(retention);
  const ends = `retention.contentMs lets content be read for ${leastMs} ms at least`;
  const reasons: Reason[] = [];
  if (deadlineMs > leastMs)
    reasons.push(broken("/deadlineMs", `${ends}: a run may take ${deadlineMs} ms, and would lose it on its way`));
  else if (review !== undefined && deadlineMs + review.timeoutMs > leastMs)
    reasons.push(
      broken(
        "/review/timeoutMs",
        `${ends}: an answer may be due ${deadlineMs} + ${review.timeoutMs} ms after its request, and nobody could read it`,
      ),
    );
  const maxAgeMs = degrade?.lastGoodAnswer.maxAgeMs ?? 0;
  if (maxAgeMs > retention.contentMs)
    reasons.push(
      broken(
        "/degrade/lastGoodAnswer/maxAgeMs",
        `after ${retention.contentMs} ms (retention.contentMs) nothing is left`,
      ),
    );
  return reasons;
}

function broken(path: string, message: string): Reason {
  return { code: "definition_invalid", path, rule: "within_retention", message };
}
