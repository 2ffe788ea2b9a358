/** What differs between two versions, side by side: the place, what it was, what it is. */
import type { DifferencesView } from "../../../gateway/harnesses/harness-views.ts";
import { Badge } from "../../parts/badge.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Table, type Column } from "../../parts/tables/table.tsx";

type Difference = DifferencesView["differences"][number];

const tones = { added: "good", removed: "bad", changed: "warn" } as const;

const columns: readonly Column<Difference>[] = [
  { head: "Place", cell: ({ path }) => <code class="path">{path}</code> },
  { head: "", cell: ({ kind }) => <Badge tone={tones[kind]}>{kind}</Badge> },
  { head: "Before", cell: (one) => (one.kind === "added" ? <Nothing /> : <Value value={one.before} />) },
  { head: "After", cell: (one) => (one.kind === "removed" ? <Nothing /> : <Value value={one.after} />) },
];

interface DifferencesProps {
  readonly caption: string;
  /** Null while they load. */
  readonly differences: readonly Difference[] | null;
}

export function Differences({ caption, differences }: DifferencesProps) {
  return (
    <div class="differences">
      <Table
        caption={caption}
        columns={columns}
        rows={differences}
        keyOf={({ path }) => path}
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
