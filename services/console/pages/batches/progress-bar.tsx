/** How far a batch is: answered, failed and left, told in words as well; a batch of unknown size tells its counts alone. */
import type { BatchView, ProgressView } from "../../../gateway/batches/view/batch-view.ts";
import { grouped, percent } from "../../format/numbers.ts";

interface ProgressBarProps {
  readonly documents: BatchView["documents"];
  readonly progress: Pick<ProgressView, "finished" | "failed">;
}

export function ProgressBar({ documents, progress: { finished, failed } }: ProgressBarProps) {
  const of = documents ?? finished;
  const good = of === 0 ? 0 : (finished - failed) / of;
  const bad = of === 0 ? 0 : failed / of;
  const told =
    documents === null
      ? `${grouped(finished)} done, of how many is not known`
      : `${grouped(finished)} of ${grouped(documents)} done`;
  return (
    <span class="progress">
      <span class={documents === null ? "progress-track is-open" : "progress-track"} aria-hidden="true">
        <span class="progress-good" style={{ width: percentOf(good) }} />
        <span class="progress-bad" style={{ width: percentOf(bad) }} />
      </span>
      <span class="progress-words figure">
        {told}
        {documents === null || finished === 0 ? "" : ` (${percent(finished / of)})`}
        {failed === 0 ? "" : `, ${grouped(failed)} without an answer`}
      </span>
    </span>
  );
}

function percentOf(part: number): string {
  return `${Math.min(100, Math.max(0, part * 100))}%`;
}
