/**
 * Where a command's words go: results to stdout, everything else (progress,
 * hints, warnings) to stderr, so that a pipe holds results only. With `--json`
 * stdout holds JSON and nothing else.
 */
import { printable, renderTable, type Table } from "./table.ts";

export interface Screen {
  readonly json: boolean;
  /** True when stderr is a terminal: a progress line may be redrawn. */
  readonly live: boolean;
  readonly columns: number;
  /** Of stdout when it is a terminal, else without end: a pipe gets everything. */
  readonly width: number;
  /** For people, on stdout; nothing with --json. */
  result(text: string): void;
  /** As it is, on stdout, with --json and without: a format of its own. */
  raw(text: string): void;
  /** A table for people, on stdout, as the terminal has room for it. */
  table(table: Table): void;
  /** The JSON document, on stdout; nothing without --json. */
  document(value: unknown): void;
  /** One of many JSON values, on a line of its own on stdout, with --json and without. */
  line(value: unknown): void;
  /** Progress and hints, on stderr. */
  note(text: string): void;
  /** A line on stderr that the next one takes the place of. */
  redraw(line: string): void;
  /** Leaves the redrawn line as it is. */
  settle(): void;
}

export interface Streams {
  readonly stdout: Pick<NodeJS.WriteStream, "write"> & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: Pick<NodeJS.WriteStream, "write"> & { readonly isTTY?: boolean; readonly columns?: number };
}

export function openScreen(json: boolean, streams: Streams = process): Screen {
  const { stdout, stderr } = streams;
  let drawn = false;
  const clear = (): string => (drawn ? clearLine : "");
  const width = stdout.isTTY === true ? columnsOf(stdout) : Infinity;
  const note = (text: string): void => {
    stderr.write(`${clear()}${text}\n`);
    drawn = false;
  };
  return {
    json,
    live: stderr.isTTY === true,
    columns: columnsOf(stderr),
    width,
    result: (text) => void (json || stdout.write(`${text}\n`)),
    document: (value) => void (json && stdout.write(`${JSON.stringify(value, bigintAsText, 2)}\n`)),
    line: (value) => void stdout.write(`${JSON.stringify(value)}\n`),
    raw: (text) => void stdout.write(text),
    table: (table) => {
      if (json) return;
      const { text, leftOut } = renderTable(table, width);
      stdout.write(`${text}\n`);
      if (leftOut.length > 0) note(`(no room for: ${leftOut.join(", ")}; a wider terminal or --json shows them)`);
    },
    note,
    redraw: (line) => {
      stderr.write(`${clear()}${line}`);
      drawn = true;
    },
    settle: () => {
      if (drawn) stderr.write("\n");
      drawn = false;
    },
  };
}

/** A pseudo-terminal without a size says 0. */
function columnsOf({ columns }: { readonly columns?: number }): number {
  return columns === undefined || columns === 0 ? 80 : columns;
}

const clearLine = "\r\u001B[2K";

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}

/** A model's or a user's text for a terminal: line ends and tabs stay, other control characters are shown as `?`. */
export function printableLines(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => line.split("\t").map(printable).join("\t"))
    .join("\n");
}
