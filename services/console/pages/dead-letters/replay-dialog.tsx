/**
 * Replays letters in two steps: what it would do and cost, then, when somebody
 * says so, the replay, with links to the new runs.
 */
import { useState } from "preact/hooks";
import type { EstimateView, ReplaySelection, ReplaysView } from "../../../gateway/dead-letters/letter-views.ts";
import { counted, grouped } from "../../format/numbers.ts";
import { money } from "../../format/money.ts";
import { linkTo } from "../../navigation/place.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { Failed } from "../../parts/failed.tsx";
import { Skeleton } from "../../parts/skeleton.tsx";
import { Estimate } from "./estimate.tsx";
import { useReplay } from "./use-replay.ts";

interface ReplayDialogProps {
  readonly selection: ReplaySelection;
  readonly onClose: () => void;
}

export function ReplayDialog({ selection, onClose }: ReplayDialogProps) {
  const [force, setForce] = useState(false);
  const { estimate, done, error, isUnderWay, estimateAgain, publish } = useReplay(selection, force);
  if (done !== null) return <Done done={done} onClose={onClose} />;
  return (
    <Dialog title="Replay as new runs" onClose={onClose}>
      {error === null ? null : <Failed error={error} onRetry={estimateAgain} />}
      <div class="estimate-place">
        {error === null && estimate === null ? <Skeleton lines={5} /> : null}
        {estimate === null ? null : <Estimate estimate={estimate} />}
      </div>
      <label class="choose">
        <input type="checkbox" checked={force} onChange={() => setForce(!force)} /> Replay once more what was replayed
        already
      </label>
      <div class="bar dialog-foot">
        <button
          type="button"
          class="primary"
          disabled={estimate === null || estimate.total.runs === 0 || isUnderWay}
          onClick={publish}
        >
          {estimate === null ? "Replay" : wordsOf(estimate)}
        </button>
        <button type="button" onClick={onClose}>
          Leave it
        </button>
      </div>
    </Dialog>
  );
}

/** The button says what it costs: nobody has to look for it. */
function wordsOf({ total: { runs, worst_case_usd: most } }: EstimateView): string {
  if (runs === 0) return "Nothing to replay";
  return `Replay ${counted(runs, "letter")}, at most ${most === null ? "an unknown cost" : money(most)}`;
}

function Done({ done, onClose }: { readonly done: ReplaysView; readonly onClose: () => void }) {
  const fresh = done.replays.filter(({ kind }) => kind === "new");
  return (
    <Dialog title={`${counted(done.published, "new run")} published`} onClose={onClose}>
      <p class="quiet">Each goes its way like any other run; its result is told at its own place.</p>
      <ul class="run-links">
        {fresh.map(({ ref, run_id: runId }) => (
          <li key={ref}>
            <a href={linkTo(`/runs/${runId ?? ""}`)}>
              <code>{runId}</code>
            </a>{" "}
            <span class="quiet">of {ref}</span>
          </li>
        ))}
      </ul>
      {done.left === 0 ? null : <p>{grouped(done.left)} more of the group are left: replay again for the next.</p>}
      <div class="bar dialog-foot">
        <button type="button" class="primary" onClick={onClose}>
          Done
        </button>
      </div>
    </Dialog>
  );
}
