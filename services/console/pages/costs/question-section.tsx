/** One question under the chart: its heading, its table, its CSV. */
import type { ComponentChildren } from "preact";
import { useLive } from "../../data/use-live.ts";
import { Empty } from "../../parts/empty.tsx";
import { Failed } from "../../parts/failed.tsx";
import { Table, type Column } from "../../parts/tables/table.tsx";
import { everyMs, splitAs, type AnswerOf } from "./answer-of.ts";
import { pathOf, type Question } from "./asked.ts";

interface Props<Row> {
  readonly query: URLSearchParams;
  readonly question: Question;
  readonly title: string;
  /** What the figures mean, where that is not plain. */
  readonly children?: ComponentChildren;
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string;
  readonly empty: string;
  /** Rows that have their place from the beginning. */
  readonly expectedRows: number;
}

export function QuestionSection<Row>({
  query,
  question,
  title,
  children,
  columns,
  keyOf,
  empty,
  expectedRows,
}: Props<Row>) {
  const path = pathOf(query, question);
  const { data: latest, error, refresh } = useLive<AnswerOf<Row>>(path, everyMs);
  const data = question.by === undefined ? latest : splitAs(latest, question.by);
  return (
    <section class="card">
      <div class="page-head">
        <h2>{title}</h2>
        <CsvLink href={pathOf(query, { ...question, limit: 10_000 }, ".csv")} />
      </div>
      {children === undefined ? null : <p class="quiet">{children}</p>}
      {path === null ? (
        <Empty title="This counts runs, which may have had several models.">
          Take the filter by model or provider away.
        </Empty>
      ) : data === null && error !== null ? (
        <Failed error={error} onRetry={refresh} />
      ) : (
        <Table
          caption={title}
          rows={data?.rows ?? null}
          keyOf={keyOf}
          columns={columns}
          empty={<Empty title={empty} />}
          expectedRows={expectedRows}
        />
      )}
    </section>
  );
}

export function CsvLink({ href }: { readonly href: string | null }) {
  if (href === null) return null;
  return (
    <a href={href} download>
      CSV
    </a>
  );
}
