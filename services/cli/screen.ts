/**
 * Where a command's words go: results to stdout, everything else (progress,
 * hints, warnings) to stderr, so that a pipe holds results only. With `--json`
 * stdout holds JSON and nothing else.
 */
import { printable } from "./table.ts";

export interface Screen {
  readonly json: boolean;
  /** True when stderr is a terminal: a progress line may be redrawn. */
  readonly live: boolean;
  readonly columns: number;
  /** For people, on stdout; nothing with --json. */
  result(text: string): void;
  /** The JSON document, on stdout; nothing without --json. */
  document(value: unknown): void;
  /** Progress and hints, on stderr. */
  note(text: string): void;
  /** A line on stderr that the next one takes the place of. */
  redraw(line: string): void;
  /** Leaves the redrawn line as it is. */
  settle(): void;
}

export interface Streams {
  readonly stdout: Pick<NodeJS.WriteStream, "write">;
  readonly stderr: Pick<NodeJS.WriteStream, "write"> & { readonly isTTY?: boolean; readonly columns?: number };
}

export function openScreen(json: boolean, streams: Streams = process): Screen {
  const { stdout, stderr } = streams;
  let drawn = false;
  const clear = (): string => (drawn ? clearLine : "");
  return {
    json,
    live: stderr.isTTY === true,
    // A pseudo-terminal without a size says 0.
    columns: stderr.columns === undefined || stderr.columns === 0 ? 80 : stderr.columns,
    result: (text) => void (json || stdout.write(`${text}\n`)),
    document: (value) => void (json && stdout.write(`${JSON.stringify(value, bigintAsText, 2)}\n`)),
    note: (text) => {
      stderr.write(`${clear()}${text}\n`);
      drawn = false;
    },
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
