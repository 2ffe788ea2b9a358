/**
 * Brings a database to the schema of infra/clickhouse: each numbered file once,
 * in order, recorded with its checksum. Files only ever add, and each statement
 * can run twice, so two processes may migrate at once, and a process of the
 * version before works on the newer schema.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { z } from "zod";
import { ConfigError } from "../runtime/errors.ts";
import { StoreError, type Store } from "./clickhouse.ts";

export interface Migration {
  /** File name without its ending: `001-calls`. */
  readonly id: string;
  readonly checksum: string;
  readonly statements: readonly string[];
}

export interface AppliedMigration {
  readonly id: string;
  readonly checksum: string;
}

const folder = new URL("../../infra/clickhouse/", import.meta.url);

export function readMigrations(from: URL = folder): readonly Migration[] {
  return readdirSync(from)
    .filter((file) => /^\d{3}-[a-z0-9-]+\.sql$/.test(file))
    .toSorted()
    .map((file) => {
      const text = readFileSync(new URL(file, from), "utf8");
      return {
        id: file.replace(/\.sql$/, ""),
        checksum: createHash("sha256").update(text).digest("hex"),
        statements: splitStatements(text),
      };
    });
}

/** Statements end with a semicolon at a line's end; whole-line comments are dropped. */
function splitStatements(text: string): readonly string[] {
  return text
    .replaceAll(/^\s*--.*$/gm, "")
    .split(/;[ \t]*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== "");
}

/** What is still to be applied. @throws ConfigError when an applied file was changed afterwards. */
export function pendingMigrations(
  files: readonly Migration[],
  applied: readonly AppliedMigration[],
): readonly Migration[] {
  const checksums = new Map(applied.map(({ id, checksum }) => [id, checksum]));
  for (const { id, checksum } of files) {
    const known = checksums.get(id);
    if (known !== undefined && known !== checksum)
      throw new ConfigError(
        `infra/clickhouse/${id}.sql was changed after it was applied; put the change in a new file`,
      );
  }
  return files.filter(({ id }) => !checksums.has(id));
}

const unknownDatabase = 81;

/** Asks before it creates: a user of an existing database may lack the right to. */
async function ensureDatabase(store: Store): Promise<void> {
  try {
    await store.query("SELECT 1");
  } catch (error) {
    if (!(error instanceof StoreError) || error.number !== unknownDatabase) throw error;
    await store.createDatabase();
  }
}

const unknownTable = 60;

/** Whoever may create nothing opens a ledger that is up to date all the same. */
async function appliedTo(store: Store): Promise<readonly AppliedMigration[]> {
  try {
    return appliedRows.parse(await store.query("SELECT DISTINCT id, checksum FROM migrations"));
  } catch (error) {
    if (error instanceof StoreError && error.number === unknownTable) return [];
    throw error;
  }
}

const appliedRows = z.array(z.object({ id: z.string(), checksum: z.string() }));

/** @returns the ids applied now; none when the schema was up to date. Errors: StoreError, ConfigError. */
export async function migrate(
  store: Store,
  files: readonly Migration[] = readMigrations(),
): Promise<readonly string[]> {
  await ensureDatabase(store);
  const pending = pendingMigrations(files, await appliedTo(store));
  if (pending.length > 0)
    await store.command(
      "CREATE TABLE IF NOT EXISTS migrations (id String, checksum String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'))" +
        " ENGINE = MergeTree ORDER BY id",
    );
  for (const { id, checksum, statements } of pending) {
    for (const statement of statements) await store.command(statement);
    await store.insert("migrations", [{ id, checksum }]);
  }
  return pending.map(({ id }) => id);
}
