/**
 * Rows as CSV (RFC 4180): commas, CRLF, quotes where they are needed. A text
 * that a spreadsheet would run as a formula has a `'` put before it; numbers
 * and money stay as they are, a change below zero included. Unknown is empty.
 */
export interface CsvColumn {
  readonly name: string;
  /** Whether its cells are anybody's words: only those can hide a formula. */
  readonly isText: boolean;
}

export type Cell = string | number | null;

export function csvText(columns: readonly CsvColumn[], rows: readonly (readonly Cell[])[]): string {
  const head = columns.map(({ name }) => quoted(name));
  const body = rows.map((row) =>
    columns.map(({ isText }, index) => {
      const cell = row[index] ?? "";
      return quoted(isText ? harmless(String(cell)) : String(cell));
    }),
  );
  return [head, ...body].map((cells) => `${cells.join(",")}\r\n`).join("");
}

/** Spreadsheets also look past blanks and line ends before they decide. */
function harmless(text: string): string {
  return /^[\s\uFEFF]*[=+\-@]|^[\t\r\n]/.test(text) ? `'${text}` : text;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
