/**
 * Tables for people: columns as wide as their widest cell, numbers to the
 * right, a rule under the head and over the totals. Where the terminal is
 * narrower, columns that may are left out or shortened, and texts that may are
 * wrapped. Cells are text already; control characters in them are shown as
 * `?`, so that a document's name cannot move the terminal's cursor.
 */
export interface Column {
  readonly head: string;
  readonly align?: "left" | "right";
  /** Where space is short: left out, unless there is room beside those of lower numbers. From 1; absent: never. */
  readonly drop?: number;
  /** Where space is short: its cells are cut to no less than this. Absent: never. */
  readonly shrink?: number;
  /** Where space is short: the cell goes on below. For the last column. */
  readonly wrap?: boolean;
}

export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
  readonly totals?: readonly string[];
}

export interface Rendered {
  readonly text: string;
  /** Heads of the columns that had no room. */
  readonly leftOut: readonly string[];
}

const gap = "  ";

/** `width` is the terminal's; a table that goes elsewhere is as wide as it is. */
export function renderTable(table: Table, width = Infinity): Rendered {
  const cells = [table.columns.map(({ head }) => head), ...table.rows, ...(table.totals ? [table.totals] : [])].map(
    (row) => table.columns.map((_, index) => printable(row[index] ?? "")),
  );
  const natural = table.columns.map((_, index) => Math.max(...cells.map((row) => widthOf(row[index] ?? ""))));
  const shown = fitting(table.columns, natural, width);
  const line = (row: readonly string[]): string => rowLines(row, shown, table.columns).join("\n");
  const rule = shown.map(({ width: columns }) => "-".repeat(columns)).join(gap);
  const [head = [], ...body] = cells;
  const foot = table.totals === undefined ? undefined : body.pop();
  return {
    text: [line(head), rule, ...body.map(line), ...(foot === undefined ? [] : [rule, line(foot)])].join("\n"),
    leftOut: table.columns.flatMap(({ head: name }, index) =>
      shown.some((column) => column.index === index) ? [] : [name],
    ),
  };
}

interface Shown {
  readonly index: number;
  readonly width: number;
}

/** Those that may not be left out, then as many of the others as have room, shortened where that is enough. */
function fitting(columns: readonly Column[], natural: readonly number[], width: number): readonly Shown[] {
  const all = natural.map((columnWidth, index) => ({ index, width: columnWidth, drop: columns[index]?.drop ?? 0 }));
  let shown = new Set(all.filter(({ drop }) => drop === 0));
  for (const column of all.filter(({ drop }) => drop > 0).toSorted((left, right) => left.drop - right.drop)) {
    const more = new Set([...shown, column]);
    if (totalOf([...more]) - spareOfAll(columns, [...more]) <= width) shown = more;
  }
  const inOrder = all.filter((column) => shown.has(column));
  return shortenedBy(columns, inOrder, Math.max(0, totalOf(inOrder) - width));
}

function totalOf(shown: readonly Shown[]): number {
  return shown.reduce((sum, { width }) => sum + width + gap.length, -gap.length);
}

function spareOfAll(columns: readonly Column[], shown: readonly Shown[]): number {
  return shown.reduce((sum, column) => sum + spareOf(columns, column), 0);
}

const leastWrapped = 20;

function spareOf(columns: readonly Column[], { index, width }: Shown): number {
  const least = columns[index]?.wrap === true ? leastWrapped : columns[index]?.shrink;
  return least === undefined ? 0 : Math.max(0, width - Math.max(least, widthOf(columns[index]?.head ?? "")));
}

/** The one with the most to spare gives first. */
function shortenedBy(columns: readonly Column[], shown: readonly Shown[], excess: number): readonly Shown[] {
  let left = excess;
  const taken = new Map<number, number>();
  for (const column of shown.toSorted((one, other) => spareOf(columns, other) - spareOf(columns, one))) {
    const take = Math.min(left, spareOf(columns, column));
    taken.set(column.index, take);
    left -= take;
  }
  return shown.map(({ index, width }) => ({ index, width: width - (taken.get(index) ?? 0) }));
}

function rowLines(row: readonly string[], shown: readonly Shown[], columns: readonly Column[]): readonly string[] {
  const parts = shown.map(({ index, width }) => {
    const cell = row[index] ?? "";
    return columns[index]?.wrap === true ? wrapped(cell, width) : [shortened(cell, width)];
  });
  const height = Math.max(1, ...parts.map(({ length }) => length));
  return Array.from({ length: height }, (_, at) =>
    shown
      .map(({ index, width }, column) => pad(parts[column]?.[at] ?? "", width, columns[index]?.align ?? "left"))
      .join(gap)
      .trimEnd(),
  );
}

function pad(cell: string, width: number, align: "left" | "right"): string {
  const space = " ".repeat(Math.max(0, width - widthOf(cell)));
  return align === "right" ? space + cell : cell + space;
}

export function widthOf(text: string): number {
  return Array.from(text).length;
}

/** Lines of at most so many characters, broken at spaces; a longer word stays whole, so that it can be copied. */
export function wrapped(text: string, width: number): readonly string[] {
  const [first = "", ...words] = text.split(" ");
  const lines = [first];
  for (const word of words) {
    const longer = `${lines.at(-1) ?? ""} ${word}`;
    if (widthOf(longer) > width) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
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
