/** One harness: its versions, one of them readable, and what it changed against another. The address says which. */
import type { DifferencesView, VersionsView, VersionView } from "../../../gateway/harnesses/harness-views.ts";
import { useLive } from "../../data/use-live.ts";
import { grouped } from "../../format/numbers.ts";
import { linkTo, useQuery } from "../../navigation/place.ts";
import type { PageProps } from "../../pages.ts";
import { Badge } from "../../parts/badge.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Failed } from "../../parts/failed.tsx";
import { Money } from "../../parts/money.tsx";
import { Skeleton } from "../../parts/skeleton.tsx";
import { Table, type Column } from "../../parts/tables/table.tsx";
import { Definition } from "./definition.tsx";
import { Differences } from "./differences.tsx";
import { costOf } from "./harnesses-page.tsx";
import { Models } from "./models.tsx";
import "./harnesses.css";

type Version = VersionsView["versions"][number];

const everyMs = 30_000;

export function Page({ params: { name = "" } }: PageProps) {
  const { data, error, refresh } = useLive<VersionsView>(`/v1/harnesses/${encodeURIComponent(name)}/versions`, everyMs);
  const [asked] = useQuery("version");
  if (data === null && error !== null)
    return error.status === 404 || error.status === 400 ? <NotThere /> : <Failed error={error} onRetry={refresh} />;
  if (data === null) return <Skeleton lines={10} />;
  const { versions } = data;
  const current = versions.find(({ role }) => role === "current") ?? versions[0];
  const shown = versions.find(({ version }) => version === asked) ?? current;
  return (
    <>
      <div class="page-head">
        <div>
          <p class="quiet">
            <a href={linkTo("/harnesses")}>Harnesses</a>
          </p>
          <h1>{name}</h1>
          <p>{shown?.description}</p>
        </div>
        <a href={linkTo("/runs", { harness: name })}>Its runs</a>
      </div>
      <section class="card">
        <h2>Versions</h2>
        <Table
          caption={`Versions of ${name}, the one published last first`}
          columns={columns}
          rows={versions}
          keyOf={({ version }) => version}
          hrefOf={({ version }) => linkTo(`/harnesses/${name}`, { version })}
          expectedRows={1}
          empty={null}
        />
      </section>
      {shown === undefined ? null : <Shown name={name} versions={versions} shown={shown} />}
    </>
  );
}

const tones = { current: "good", canary: "warn", shadow: "accent", published: "quiet" } as const;

const columns: readonly Column<Version>[] = [
  { head: "Version", cell: ({ version }) => <code>{version}</code> },
  { head: "Part", cell: ({ role }) => <Badge tone={tones[role]}>{role}</Badge> },
  { head: "Policy", cell: ({ policy }) => policy, isMinor: true },
  { head: "Models", cell: ({ models }) => <Models models={models} />, isMinor: true },
  { head: "Runs, 7 days", cell: ({ recent }) => (recent === null ? "unknown" : grouped(recent.runs)), isFigure: true },
  { head: "Cost, 7 days", cell: ({ recent }) => <Money usd={costOf(recent)} />, isFigure: true, isMinor: true },
];

interface ShownProps {
  readonly name: string;
  readonly versions: readonly Version[];
  readonly shown: Version;
}

/** A version never changes: it and what two of them differ in are asked for once an hour at most. */
const neverMs = 3_600_000;

/** What was published before it stands after it in the list. Nothing is shown before both are there: what differs stands above. */
function Shown({ name, versions, shown }: ShownProps) {
  const [asked] = useQuery("from");
  const others = versions.filter(({ version }) => version !== shown.version);
  const before = versions[versions.indexOf(shown) + 1] ?? others[0];
  const from = others.find(({ version }) => version === asked) ?? before;
  const path = `/v1/harnesses/${encodeURIComponent(name)}/versions/${shown.version}`;
  const read = useLive<VersionView>(path, neverMs);
  const changed = useLive<DifferencesView>(
    from === undefined ? null : `${path}/differences?from=${from.version}`,
    neverMs,
  );
  for (const { data, error, refresh } of [read, changed])
    if (data === null && error !== null) return <Failed error={error} onRetry={refresh} />;
  if (read.data === null || (from !== undefined && changed.data === null)) return <Skeleton lines={12} />;
  return (
    <>
      {from === undefined ? null : (
        <section class="card">
          <div class="page-head">
            <h2>
              What <code>{shown.version}</code> changed
            </h2>
            <Against from={from} others={others} />
          </div>
          <Differences
            caption={`What ${shown.version} changed against ${from.version}`}
            differences={changed.isLoading ? null : (changed.data?.differences ?? null)}
          />
        </section>
      )}
      <Definition definition={read.data.definition} />
    </>
  );
}

interface AgainstProps {
  readonly from: Version;
  readonly others: readonly Version[];
}

function Against({ from, others }: AgainstProps) {
  const [, setAsked] = useQuery("from");
  return (
    <label class="against">
      against{" "}
      <select value={from.version} onChange={(event) => setAsked(event.currentTarget.value)}>
        {others.map(({ version, role }) => (
          <option key={version} value={version}>
            {version} {role === "published" ? "" : role}
          </option>
        ))}
      </select>
    </label>
  );
}

function NotThere() {
  return (
    <Empty title="There is no such harness." isPage>
      <a href={linkTo("/harnesses")}>All harnesses</a>
    </Empty>
  );
}
