/** What wants somebody now: runs that went wrong today, answers that wait, dead letters, and whether the system works. */
import type { ComponentChildren } from "preact";
import type { CostAnswer } from "../../../gateway/native/cost-routes.ts";
import type { GroupsView } from "../../../gateway/dead-letters/letter-views.ts";
import type { Status } from "../../../status/status-view.ts";
import { useLive, type Live } from "../../data/use-live.ts";
import { counted, grouped } from "../../format/numbers.ts";
import { linkTo } from "../../navigation/place.ts";
import { Tile } from "../../parts/tile.tsx";
import { failedRuns } from "./spend.ts";

interface Props {
  readonly today: Live<CostAnswer>;
  readonly status: Live<Status>;
}

/** The dead-letter topics are read for it. */
const lettersEveryMs = 60_000;

export function NowTiles({ today, status }: Props) {
  const letters = useLive<GroupsView>("/v1/dead-letters", lettersEveryMs);
  const runs = today.data?.run_statuses.reduce((sum, { runs: count }) => sum + count, 0) ?? 0;
  return (
    <section class="tiles" aria-label="Now">
      <Tile name="Runs today" href={linkTo("/runs")} figure={figureOf(today, () => grouped(runs))}>
        <Failures answer={today.data} />
      </Tile>
      <Tile
        name="Waiting for a person"
        href={linkTo("/reviews")}
        figure={figureOf(status, ({ in_review: count }) => (count === null ? "unknown" : grouped(count)))}
      />
      <Tile
        name="Dead letters"
        href={linkTo("/dead-letters")}
        figure={figureOf(letters, ({ letters: newest, older }) => grouped(newest + older))}
      >
        <span class="quiet">{letters.data === null ? "" : counted(letters.data.groups.length, "cause")}</span>
      </Tile>
      <Tile name="Health" href={linkTo("/health")} figure={figureOf(status, verdictOf)} />
    </section>
  );
}

function Failures({ answer }: { readonly answer: CostAnswer | null }) {
  if (answer === null) return <span>&nbsp;</span>;
  const failed = failedRuns(answer.run_statuses);
  return failed === 0 ? <span class="quiet">none failed</span> : <span class="bad">{grouped(failed)} failed</span>;
}

function verdictOf({ healthy, problems }: Status) {
  return healthy ? <span class="good">Works</span> : <span class="bad">{counted(problems.length, "problem")}</span>;
}

function figureOf<T>({ data, error }: Live<T>, shown: (data: T) => ComponentChildren) {
  return data === null ? (error === null ? null : "–") : shown(data);
}
