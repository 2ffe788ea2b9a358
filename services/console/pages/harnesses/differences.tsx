/** What differs between two versions, side by side: the place, what it was, what it is. */
import type { DifferencesView } from "../../../gateway/harnesses/harness-views.ts";
import { useLive } from "../../data/use-live.ts";
import { Badge } from "../../parts/badge.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Failed } from "../../parts/failed.tsx";
import { Table, type Column } from "../../parts/tables/table.tsx";

type Difference = DifferencesView["differences"][number];

/** A version never changes: what two of them differ in is asked for once an hour at most. */
const everyMs = 3_600_000;

const tones = { added: "good", removed: "bad", changed: "warn" } as const;

const columns: readonly Column<Difference>[] = [
  { head: "Place", cell: ({ path }) => <code class="path">{path}</code> },
  { head: "", cell: ({ kind }) => <Badge tone={tones[kind]}>{kind}</Badge> },
  { head: "Before", cell: (one) => (one.kind === "added" ? <Nothing /> : <Value value={one.before} />) },
  { head: "After", cell: (one) => (one.kind === "removed" ? <Nothing /> : <Value value={one.after} />) },
];

interface DifferencesProps {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

export function Differences({ name, from, to }: DifferencesProps) {
  const path = `/v1/harnesses/${encodeURIComponent(name)}/versions/${to}/differences?from=${from}`;
  const { data, error, isLoading, refresh } = useLive<DifferencesView>(path, everyMs);
  if (data === null && error !== null) return <Failed error={error} onRetry={refresh} />;
  return (
    <div class="differences">
      <Table
        caption={`What ${to} changed against ${from}`}
        columns={columns}
        rows={isLoading ? null : (data?.differences ?? null)}
        keyOf={({ path: place }) => place}
        expectedRows={2}
        empty={<Empty title="The two versions do not differ." />}
      />
    </div>
  );
}

function Nothing() {
  return <span class="quiet">–</span>;
}

/** Text as it is written, all else as JSON. */
export function Value({ value }: { readonly value: unknown }) {
  return <pre class="value">{typeof value === "string" ? value : JSON.stringify(value, null, 2)}</pre>;
}
