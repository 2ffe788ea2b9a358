/**
 * The ClickHouse engine in this process. Each query runs on a connection of its
 * own, made for it and dropped after it, so no setting, parameter or database
 * of one request is seen by another; readers and writers run side by side, at
 * most `maxConcurrent` at once. When `run` has returned for an insert, the part
 * is on disk and survives this process.
 */
import { drainPending, Session, type ChdbResult, type RawInsertFormat } from "chdb";
import type { HttpQuery } from "./http-query.ts";

export interface QueryAnswer {
  readonly bytes: Buffer;
  readonly readRows: number;
  readonly readBytes: number;
  /** Known for INSERT ... FORMAT with a body; null otherwise. */
  readonly writtenRows: number | null;
  readonly writtenBytes: number | null;
  readonly elapsedNs: number;
}

export interface Engine {
  readonly version: string;
  readonly timezone: string;
  /** @throws the engine's error, its message starting with `Code: N. DB::Exception:` */
  run(query: HttpQuery): Promise<QueryAnswer>;
  /** Waits for what runs, then closes the data folder. */
  close(): Promise<void>;
}

const maxConcurrent = 8;

export async function openEngine(folder: string): Promise<Engine> {
  const anchor = new Session(folder);
  const about = await anchor.queryAsync("SELECT version(), timezone()", { format: "TabSeparated" });
  const [version = "unknown", timezone = "UTC"] = about.text().trim().split("\t");
  const slots = createSlots(maxConcurrent);
  return {
    version,
    timezone,
    run: async (query) => {
      await slots.take();
      const session = new Session(folder);
      try {
        return await runOn(session, query);
      } finally {
        session.close();
        slots.give();
      }
    },
    close: async () => {
      await drainPending();
      anchor.close();
      await drainPending();
    },
  };
}

async function runOn(session: Session, query: HttpQuery): Promise<QueryAnswer> {
  const before = preamble(query);
  if (before !== "") await session.queryAsync(before);
  if (query.data === null) return answerOf(await session.queryAsync(query.sql, { format: query.defaultFormat }));
  const insert = plainInsert(query.sql);
  if (insert === null) {
    const statement = `${query.sql}\n${query.data.toString("utf8")}`;
    return answerOf(await session.queryAsync(statement, { format: query.defaultFormat }));
  }
  const done = await session.insert({ ...insert, values: query.data });
  return {
    bytes: Buffer.alloc(0),
    readRows: done.rowsWritten,
    readBytes: done.bytesWritten,
    writtenRows: done.rowsWritten,
    writtenBytes: done.bytesWritten,
    elapsedNs: Math.round(done.elapsed * 1e9),
  };
}

function answerOf(result: ChdbResult): QueryAnswer {
  return {
    bytes: Buffer.from(result.bytes()),
    readRows: result.rowsRead,
    readBytes: result.bytesRead,
    writtenRows: null,
    writtenBytes: null,
    elapsedNs: Math.round(result.elapsed * 1e9),
  };
}

/** Database, settings and parameters as statements; readonly last, since nothing can be set after it. */
function preamble({ database, settings, params, readOnly }: HttpQuery): string {
  const assignments = [
    ...[...settings].map(([name, value]) => `${identifier(name)} = ${literal(value)}`),
    ...[...params].map(([name, value]) => `${identifier(`param_${name}`)} = ${literal(value)}`),
    ...(readOnly && !settings.has("readonly") ? ["readonly = 2"] : []),
  ];
  return [
    ...(database === null || database === "" ? [] : [`USE \`${database.replaceAll(/[\\`]/g, "\\$&")}\``]),
    ...(assignments.length === 0 ? [] : [`SET ${assignments.join(", ")}`]),
  ].join("; ");
}

function identifier(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_.]*$/.test(name)) return name;
  throw new Error(
    `Code: 36. DB::Exception: Bad name of a setting or parameter: ${JSON.stringify(name)}. (BAD_ARGUMENTS)`,
  );
}

function literal(value: string): string {
  return `'${value.replaceAll(/[\\']/g, "\\$&")}'`;
}

const rawFormats: readonly RawInsertFormat[] = [
  "JSONEachRow",
  "JSONCompactEachRow",
  "CSV",
  "CSVWithNames",
  "TabSeparated",
  "TabSeparatedWithNames",
];

/**
 * The form that clients write, which the engine takes as bytes and answers with
 * a count of rows; null for any other, which is run as one text.
 */
function plainInsert(sql: string): { table: string; format: RawInsertFormat; columns?: string[] } | null {
  const match = /^\s*INSERT\s+INTO\s+(?:TABLE\s+)?([\w.]+)\s*(?:\(([\w\s,]+)\))?\s*FORMAT\s+(\w+)\s*;?\s*$/i.exec(sql);
  const [, table, columns, wanted] = match ?? [];
  const format = rawFormats.find((known) => known === wanted);
  if (table === undefined || format === undefined) return null;
  return {
    table,
    format,
    ...(columns === undefined ? {} : { columns: columns.split(",").map((name) => name.trim()) }),
  };
}

interface Slots {
  take(): Promise<void>;
  give(): void;
}

function createSlots(size: number): Slots {
  let free = size;
  const waiting: (() => void)[] = [];
  return {
    take: async () => {
      if (free > 0) {
        free -= 1;
        return;
      }
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
      });
    },
    give: () => {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    },
  };
}
