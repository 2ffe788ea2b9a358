/**
 * Tables for people: columns as wide as their widest cell, numbers to the
 * right, a rule under the head and over the totals. Cells are text already;
 * control characters in them are shown as `?`, so that a document's name or a
 * client's id cannot move the terminal's cursor.
 */
export interface Column {
  readonly head: string;
  readonly align?: "left" | "right";
}

export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
  readonly totals?: readonly string[];
}

const gap = "  ";

export function renderTable({ columns, rows, totals }: Table): string {
  const all = [columns.map(({ head }) => head), ...rows, ...(totals === undefined ? [] : [totals])].map((cells) =>
    cells.map(printable),
  );
  const widths = columns.map((_, index) => Math.max(...all.map((cells) => widthOf(cells[index] ?? ""))));
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align }, index) => pad(cells[index] ?? "", widths[index] ?? 0, align ?? "left"))
      .join(gap)
      .trimEnd();
  const rule = widths.map((width) => "-".repeat(width)).join(gap);
  const [head = [], ...body] = all;
  const foot = totals === undefined ? undefined : body.pop();
  return [line(head), rule, ...body.map(line), ...(foot === undefined ? [] : [rule, line(foot)])].join("\n");
}

function pad(cell: string, width: number, align: "left" | "right"): string {
  const space = " ".repeat(width - widthOf(cell));
  return align === "right" ? space + cell : cell + space;
}

function widthOf(text: string): number {
  return Array.from(text).length;
}

/** Replaces C0, C1 and DEL, which a terminal would act on. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, "?");
}

/** At most so many characters, the last one `…` when something was cut off. */
export function shortened(text: string, length: number): string {
  const characters = Array.from(text);
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join("")}…`;
}

/** 1234567 as 1,234,567. Takes what JSON and ClickHouse give: numbers and digits in text. */
export function grouped(count: number | bigint | string): string {
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}
