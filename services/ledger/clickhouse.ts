/**
 * The connection to ClickHouse: the only file that knows its client. Inserts
 * are synchronous, so an acknowledged one is stored; a null never becomes a
 * default and a field without a column is an error, so nothing is lost in
 * silence. Decimals and 64-bit numbers come back as strings.
 */
import { ClickHouseError, ClickHouseLogLevel, createClient, type ClickHouseClient } from "@clickhouse/client";

export interface ClickHouseSettings {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** Why a statement failed: the server cannot be reached or is not able now; a row is at fault; the statement is. */
export type StoreFault = "unavailable" | "bad_row" | "rejected";

export class StoreError extends Error {
  readonly fault: StoreFault;
  /** ClickHouse's error number, when it answered. */
  readonly number: number | null;
  constructor(fault: StoreFault, number: number | null, cause: unknown) {
    super(number === null ? "ClickHouse cannot be reached" : `ClickHouse answered with error ${number}`, { cause });
    this.name = "StoreError";
    this.fault = fault;
    this.number = number;
  }
}

export interface Store {
  readonly database: string;
  /** Rows as JSON objects, to be parsed by the caller. `params` fill `{name:Type}`. Errors: StoreError. */
  query(sql: string, params?: Readonly<Record<string, unknown>>): Promise<readonly unknown[]>;
  command(sql: string): Promise<void>;
  /** All rows or none. Resolves when they are stored. */
  insert(table: string, rows: readonly object[]): Promise<void>;
  /** Must run before anything else on a server that has never seen this database. */
  createDatabase(): Promise<void>;
  ping(): Promise<boolean>;
  close(): Promise<void>;
}

const behaviour = {
  async_insert: 0,
  input_format_null_as_default: 0,
  input_format_skip_unknown_fields: 0,
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_decimals: 1,
  date_time_output_format: "iso",
  // The partition is made of immutable fields, so no row has a version in another one.
  do_not_merge_across_partitions_select_final: 1,
} as const;

export function connectStore(settings: ClickHouseSettings): Store {
  const client = openClient(settings);
  return {
    database: settings.database,
    query: (sql, params = {}) =>
      faulted(async () => {
        const result = await client.query({ query: sql, format: "JSONEachRow", query_params: { ...params } });
        return result.json();
      }),
    command: (sql) => faulted(async () => void (await client.command({ query: sql }))),
    insert: (table, rows) =>
      faulted(async () => void (await client.insert({ table, values: rows, format: "JSONEachRow" }))),
    createDatabase: () => faulted(() => createDatabase(settings)),
    ping: async () => (await client.ping()).success,
    close: () => client.close(),
  };
}

function openClient({ url, user, password, database }: ClickHouseSettings): ClickHouseClient {
  return createClient({
    url,
    username: user,
    password,
    database,
    application: "breakwater",
    request_timeout: 60_000,
    max_open_connections: 8,
    compression: { request: !isNear(url), response: !isNear(url) },
    clickhouse_settings: behaviour,
    // It would print statements and addresses; what fails is thrown.
    log: { level: ClickHouseLogLevel.OFF },
  });
}

/** On this machine, packing costs more than it saves. */
function isNear(url: string): boolean {
  return ["127.0.0.1", "localhost", "[::1]"].includes(new URL(url).hostname);
}

async function createDatabase(settings: ClickHouseSettings): Promise<void> {
  const outside = openClient({ ...settings, database: "default" });
  try {
    await outside.command({ query: `CREATE DATABASE IF NOT EXISTS \`${settings.database}\`` });
  } finally {
    await outside.close();
  }
}

async function faulted<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ClickHouseError)) throw new StoreError("unavailable", null, error);
    const number = Number(error.code);
    throw new StoreError(faultOf(number), number, error);
  }
}

/** What the parser says about a value in a row: bad text, number, time, array, UUID, range. */
const rowNumbers = new Set([6, 25, 26, 27, 33, 38, 41, 53, 69, 72, 130, 321, 376, 407]);
/** The statement itself or the schema is wrong: trying again changes nothing. */
const statementNumbers = new Set([8, 16, 36, 46, 47, 48, 50, 57, 60, 62, 81, 115, 117, 164, 192, 193, 194, 497, 516]);

function faultOf(number: number): StoreFault {
  if (rowNumbers.has(number)) return "bad_row";
  return statementNumbers.has(number) ? "rejected" : "unavailable";
}
