/** Dead letters by what made them: the largest group first, filtered by what stands in the address. */
import type { GroupsView } from "../../../gateway/dead-letters/letter-views.ts";
import { useLive } from "../../data/use-live.ts";
import { counted, grouped } from "../../format/numbers.ts";
import { words } from "../../format/status.ts";
import { linkTo, useQuery } from "../../navigation/place.ts";
import { Badge } from "../../parts/badge.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Failed } from "../../parts/failed.tsx";
import { ModelText } from "../../parts/model-text.tsx";
import { Table, type Column } from "../../parts/tables/table.tsx";
import { Time } from "../../parts/time.tsx";
import { Choice } from "./choices.tsx";
import "./dead-letters.css";

type Group = GroupsView["groups"][number];

const columns: readonly Column<Group>[] = [
  { head: "Code", cell: ({ code }) => <span class="one-line">{words(code)}</span>, sortBy: ({ code }) => code },
  { head: "Cause", cell: ({ cause }) => <span class="cause">{cause === "" ? "–" : <ModelText text={cause} />}</span> },
  {
    head: "Harness",
    cell: ({ harness }) => <span class="one-line">{harness ?? <span class="quiet">not readable</span>}</span>,
    sortBy: ({ harness }) => harness,
    isMinor: true,
  },
  { head: "Stage", cell: ({ stage }) => <span class="one-line">{stage}</span>, isMinor: true },
  { head: "Letters", cell: ({ letters }) => grouped(letters), sortBy: ({ letters }) => letters, isFigure: true },
  {
    head: "Replayed",
    cell: (group) => <Replayed {...group} />,
    sortBy: ({ replayed }) => replayed,
    isFigure: true,
    isMinor: true,
  },
  {
    head: "Last",
    cell: ({ last_at_ms: atMs }) => <Time atMs={atMs} />,
    sortBy: ({ last_at_ms: atMs }) => atMs,
    isFigure: true,
    isMinor: true,
  },
];

export function Page() {
  const { data, error, refresh } = useLive<GroupsView>("/v1/dead-letters");
  const [code] = useQuery("code");
  const [stage] = useQuery("stage");
  const [harness] = useQuery("harness");
  const all = data?.groups ?? [];
  const isChosen = (group: Group): boolean =>
    (code === null || group.code === code) &&
    (stage === null || group.stage === stage) &&
    (harness === null || group.harness === harness);
  const isFiltered = code !== null || stage !== null || harness !== null;
  return (
    <>
      <div>
        <h1>Dead letters</h1>
        <p class="quiet">{data === null ? "\u00a0" : toldOf(data)}</p>
      </div>
      <div class="bar">
        <Choice name="code" label="Code" values={all.map((group) => group.code)} />
        <Choice name="stage" label="Stage" values={all.map((group) => group.stage)} />
        <Choice name="harness" label="Harness" values={all.flatMap((group) => group.harness ?? [])} />
      </div>
      {data === null && error !== null ? (
        <Failed error={error} onRetry={refresh} />
      ) : (
        <section class="card">
          <Table
            caption="Dead letters by what made them"
            columns={columns}
            rows={data === null ? null : all.filter(isChosen)}
            keyOf={({ group }) => group}
            hrefOf={({ group }) => linkTo(`/dead-letters/groups/${group}`)}
            empty={isFiltered ? <Empty title="No dead letter is of that kind." /> : <NoLetters />}
          />
        </section>
      )}
    </>
  );
}

function toldOf({ letters, groups, older }: GroupsView): string {
  const told = `${counted(letters, "letter")} with ${counted(groups.length, "cause")}`;
  return older === 0 ? told : `${told}; ${grouped(older)} older are not shown`;
}

function Replayed({ replayed, letters }: Group) {
  if (replayed === null) return <span class="quiet">unknown</span>;
  if (replayed === 0) return <span class="quiet">none</span>;
  return replayed >= letters ? <Badge tone="good">all</Badge> : grouped(replayed);
}

function NoLetters() {
  return (
    <Empty title="No dead letters.">
      Records that a stage cannot process come here, with the reason. There is nothing to do.
    </Empty>
  );
}
