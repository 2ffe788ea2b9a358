/**
 * A table of rows: heads that sort, j and k that go from row to row, Enter that
 * opens one. A row opens by the link in its first cell, so it can be opened in
 * another tab, too. On a phone, columns marked `isMinor` are left out and what
 * is still too wide scrolls inside the table.
 */
import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { useShortcuts } from "../../navigation/shortcuts.ts";
import { Skeleton } from "../skeleton.tsx";
import { sortRows, type Order, type SortValue } from "./sort-rows.ts";

export interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** What to sort by; without it the column does not sort. Decimal text sorts as the number it is with `Number`. */
  readonly sortBy?: (row: Row) => SortValue;
  /** Figures stand at the right. */
  readonly isFigure?: boolean;
  readonly isMinor?: boolean;
}

interface TableProps<Row> {
  /** What the table holds, for who does not see it. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  /** Null while they load. */
  readonly rows: readonly Row[] | null;
  readonly keyOf: (row: Row) => string;
  /** Where a row leads, if anywhere; the first cell becomes the link. */
  readonly hrefOf?: (row: Row) => string | undefined;
  /** The order at first; the rows' own when absent. */
  readonly order?: Order;
  /** Shown instead of an empty table. */
  readonly empty: ComponentChildren;
  /** Rows that the table has place for from the beginning; 5 when absent. */
  readonly expectedRows?: number;
}

/** As styles/parts.css makes it. */
const rowRem = 2.25;

export function Table<Row>(props: TableProps<Row>) {
  const { caption, columns, rows, keyOf, hrefOf, empty, expectedRows = 5 } = props;
  const [order, setOrder] = useState(props.order ?? null);
  const body = useRef<HTMLTableSectionElement>(null);
  useRowKeys(body, hrefOf !== undefined);
  const minHeight = `${(expectedRows + 1) * rowRem}rem`;
  // Columns are as wide as what stands in them: heads that were there before the rows would move when these come.
  if (rows === null)
    return (
      <div class="table-loading" style={{ minHeight }} aria-busy>
        <Skeleton lines={expectedRows} />
      </div>
    );
  if (rows.length === 0)
    return (
      <div class="table-empty" style={{ minHeight }}>
        {empty}
      </div>
    );
  const sortBy = columns.find(({ head }) => head === order?.column)?.sortBy;
  const shown = sortBy === undefined ? rows : sortRows(rows, sortBy, order?.isDescending ?? false);
  return (
    <div class="table-scroll" style={{ minHeight }} tabIndex={0} role="region" aria-label={caption}>
      <table>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={column.head} column={column} order={order} onOrder={setOrder} />
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {shown.map((row) => (
            <DataRow key={keyOf(row)} row={row} columns={columns} href={hrefOf?.(row)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function classOf({ isFigure = false, isMinor = false }: Pick<Column<never>, "isFigure" | "isMinor">): string {
  return `${isFigure ? "figure-cell" : ""} ${isMinor ? "minor" : ""}`;
}

interface HeadProps<Row> {
  readonly column: Column<Row>;
  readonly order: Order | null;
  readonly onOrder: (order: Order) => void;
}

function Head<Row>({ column, order, onOrder }: HeadProps<Row>) {
  const { head, sortBy, isFigure = false } = column;
  if (sortBy === undefined)
    return (
      <th scope="col" class={classOf(column)}>
        {head}
      </th>
    );
  const isOrdered = order?.column === head;
  // Figures are looked at from the largest on.
  const isDescending = isOrdered ? !order.isDescending : isFigure;
  return (
    <th
      scope="col"
      class={classOf(column)}
      aria-sort={isOrdered ? (order.isDescending ? "descending" : "ascending") : "none"}
    >
      <button type="button" class="head-button" onClick={() => onOrder({ column: head, isDescending })}>
        {head}
        <span class="head-arrow" aria-hidden="true">
          {isOrdered ? (order.isDescending ? "↓" : "↑") : ""}
        </span>
      </button>
    </th>
  );
}

interface DataRowProps<Row> {
  readonly row: Row;
  readonly columns: readonly Column<Row>[];
  readonly href: string | undefined;
}

function DataRow<Row>({ row, columns, href }: DataRowProps<Row>) {
  return (
    <tr>
      {columns.map((column, index) => (
        <td key={column.head} class={classOf(column)}>
          {index === 0 && href !== undefined ? (
            <a class="row-link" href={href}>
              {column.cell(row)}
            </a>
          ) : (
            column.cell(row)
          )}
        </td>
      ))}
    </tr>
  );
}

/** j and k move the focus along the rows' links; Enter is the link's own. */
function useRowKeys(body: { readonly current: HTMLTableSectionElement | null }, hasLinks: boolean): void {
  const move = (by: number): void => {
    const links = [...(body.current?.querySelectorAll<HTMLElement>(".row-link") ?? [])];
    const at = links.findIndex((link) => link === document.activeElement);
    links[Math.min(links.length - 1, Math.max(0, at + by))]?.focus();
  };
  useShortcuts(
    hasLinks
      ? [
          { keys: "j", label: "Next row", run: () => move(1) },
          { keys: "k", label: "Row before", run: () => move(-1) },
        ]
      : [],
  );
}
