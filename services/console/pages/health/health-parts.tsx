/** Of the health page: what lets nothing through, what operators have paused, and what is left to spend. */
import type { ComponentChildren } from "preact";
import type { Status } from "../../../status/status-view.ts";
import { useNow } from "../../data/use-now.ts";
import { relative } from "../../format/times.ts";
import { Empty } from "../../parts/empty.tsx";
import { ModelText } from "../../parts/model-text.tsx";
import { Table, type Column } from "../../parts/tables/table.tsx";
import { Time } from "../../parts/time.tsx";
import { BudgetUses } from "./budget-uses.tsx";

type Breaker = NonNullable<Status["open_breakers"]>[number];
type Pause = NonNullable<Status["pauses"]>[number];

interface Props {
  readonly status: Status;
}

const breakerColumns: readonly Column<Breaker>[] = [
  { head: "Breaker", cell: ({ name }) => <ModelText text={name} /> },
  { head: "Why", cell: ({ key }) => <ModelText text={key?.code ?? "calls fail"} /> },
  { head: "Next probe", cell: ({ open_until_ms: untilMs }) => <NextProbe atMs={untilMs} /> },
];

function NextProbe({ atMs }: { readonly atMs: number }) {
  const nowMs = useNow();
  return atMs <= nowMs ? <>with the next run</> : <>{relative(atMs, nowMs)}</>;
}

export function Breakers({ status }: Props) {
  return (
    <Part title="Breakers that are open" of={status.open_breakers}>
      <Table
        caption="Breakers that are open"
        columns={breakerColumns}
        rows={status.open_breakers ?? []}
        keyOf={({ name }) => name}
        expectedRows={2}
        empty={<Empty title="None. Every model and key lets calls through." />}
      />
    </Part>
  );
}

const pauseColumns: readonly Column<Pause>[] = [
  { head: "Paused", cell: ({ name }) => <ModelText text={name} /> },
  { head: "Why", cell: ({ why }) => (why === null ? <span class="quiet">not said</span> : <ModelText text={why} />) },
  {
    head: "Since",
    cell: ({ ordered_at_ms: atMs }) => (
      <span class="one-line">
        <Time atMs={atMs} />
      </span>
    ),
    isMinor: true,
  },
];

export function Pauses({ status }: Props) {
  return (
    <Part title="Paused" of={status.pauses}>
      <Table
        caption="What operators have paused"
        columns={pauseColumns}
        rows={status.pauses ?? []}
        keyOf={({ name }) => name}
        expectedRows={2}
        empty={
          <Empty title="Nothing is paused.">
            To pause: <code>npx breakwater pause --provider openai --reason '…'</code>
          </Empty>
        }
      />
    </Part>
  );
}

export function Budgets({ status }: Props) {
  return (
    <Part title="Budgets" of={status.budgets}>
      <BudgetUses budgets={status.budgets ?? []} />
    </Part>
  );
}

interface PartProps {
  readonly title: string;
  /** Null when it is unknown. */
  readonly of: object | null;
  readonly children: ComponentChildren;
}

function Part({ title, of, children }: PartProps) {
  return (
    <section class="card health-card">
      <h2>{title}</h2>
      {of === null ? <Empty title="Unknown: it does not answer." /> : children}
    </section>
  );
}
