/** The timeline, drawn: a lane a stage, a bar a decision or call, all on one scale of time. */
import type { RunTimeline } from "../../../ledger/timeline.ts";
import { useNow } from "../../data/use-now.ts";
import { span } from "../../format/times.ts";
import { Empty } from "../../parts/empty.tsx";
import { beginOf, lanesOf, type Bar } from "./lanes.ts";

export function LanesView({ timeline }: { readonly timeline: RunTimeline }) {
  const nowMs = useNow();
  const lanes = lanesOf(timeline, nowMs);
  const beginMs = beginOf(timeline);
  const endMs = timeline.result === null ? nowMs : Date.parse(timeline.result.finished_at);
  return (
    <section class="card" aria-labelledby="timeline">
      <div class="page-head">
        <h2 id="timeline">Timeline</h2>
        {Number.isFinite(beginMs) ? (
          <span class="quiet figure">{span(Math.max(0, endMs - beginMs))} from in to out</span>
        ) : null}
      </div>
      {lanes.length === 0 ? (
        <Empty title="The ledger has nothing of this run yet.">It follows by a second or two.</Empty>
      ) : (
        <ol class="lanes">
          {lanes.map(({ stage, bars }) => (
            <li key={stage} class="lane">
              <h3>{stage}</h3>
              <ol>
                {bars.map((bar) => (
                  <BarRow key={bar.key} bar={bar} />
                ))}
              </ol>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function BarRow({ bar: { label, note, tone, from, to } }: { readonly bar: Bar }) {
  return (
    <li class="lane-row">
      <span class="lane-label">{label}</span>
      <svg class={`lane-track tone-${tone}`} viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
        <rect class="lane-ground" x="0" y="0" width="1000" height="10" />
        <rect
          class="lane-bar"
          x={Math.min(from * 1000, 994)}
          y="0"
          width={Math.max((to - from) * 1000, 6)}
          height="10"
        />
      </svg>
      <span class="lane-note figure">{note}</span>
    </li>
  );
}
