/**
 * Gathers rows into batches and inserts them: a row's promise resolves when the
 * batch that holds it is acknowledged. Where many come, they wait longer: an insert's
 * cost to the server, and that of merging what it wrote, hardly grows with its
 * rows. A batch that fails is tried again whole, which replaced rows allow; a row that
 * ClickHouse cannot read is found by halving the batch and refused alone. One insert a table at a time.
 * Errors: TransientError clickhouse_unavailable; PoisonRecordError
 * internal_record_invalid for the row at fault.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Span } from "@opentelemetry/api";
import { PoisonRecordError, TransientError } from "../runtime/errors.ts";
import { StoreError, type Store } from "./clickhouse.ts";
import { inInsertSpan, rowSpan } from "./insert-span.ts";
import type { LedgerRow, LedgerTable } from "./rows.ts";

export interface BatchInserter {
  insert(entry: LedgerRow): Promise<void>;
  /** Inserts what is waiting and takes no more. */
  close(): Promise<void>;
}

export interface BatchLimits {
  /** Of one batch; so many waiting in all tables together go at once. */
  readonly maxRows: number;
  readonly maxBytes: number;
  /** How long a row waits for others, by the rows of its table's batch before; the first is for the fewest. */
  readonly waits: readonly { readonly fromRows: number; readonly ms: number }[];
  /** Pauses between the tries of one batch; as many more tries as there are pauses. */
  readonly retryPausesMs: readonly number[];
}

export const usualLimits: BatchLimits = {
  maxRows: 5000,
  maxBytes: 16 * 1024 * 1024,
  waits: [
    { fromRows: 0, ms: 500 },
    { fromRows: 50, ms: 2000 },
    { fromRows: 200, ms: 5000 },
  ],
  retryPausesMs: [200, 1000, 3000],
};

interface Waiting {
  readonly row: object;
  readonly bytes: number;
  readonly span: Span | undefined;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export function openBatchInserter(store: Pick<Store, "insert">, limits: BatchLimits = usualLimits): BatchInserter {
  const lanes = new Map<LedgerTable, Lane>();
  let closed = false;
  const laneOf = (table: LedgerTable): Lane => {
    const lane = lanes.get(table) ?? new Lane(store, table, limits);
    lanes.set(table, lane);
    return lane;
  };
  return {
    insert: ({ table, row }) => {
      if (closed) return Promise.reject(new TransientError("clickhouse_unavailable", "the ledger is closing"));
      const stored = laneOf(table).add(row);
      const waiting = [...lanes.values()].reduce((sum, lane) => sum + lane.waiting, 0);
      if (waiting >= limits.maxRows) for (const lane of lanes.values()) void lane.flush();
      return stored;
    },
    close: async () => {
      closed = true;
      await Promise.all([...lanes.values()].map((lane) => lane.flush()));
    },
  };
}

/** The rows of one table. */
class Lane {
  readonly #store: Pick<Store, "insert">;
  readonly #table: LedgerTable;
  readonly #limits: BatchLimits;
  #waiting: Waiting[] = [];
  #bytes = 0;
  #rowsBefore = 0;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();
  /** The flush whose turn comes after the one that runs. */
  #next: Promise<void> | null = null;

  constructor(store: Pick<Store, "insert">, table: LedgerTable, limits: BatchLimits) {
    this.#store = store;
    this.#table = table;
    this.#limits = limits;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  add(row: object): Promise<void> {
    return new Promise((resolve, reject) => {
      const bytes = roughBytes(row);
      this.#waiting.push({ row, bytes, span: rowSpan(), resolve, reject });
      this.#bytes += bytes;
      this.#timer ??= setTimeout(() => void this.flush(), this.#waitMs);
      if (this.#bytes >= this.#limits.maxBytes) void this.flush();
    });
  }

  get #waitMs(): number {
    return this.#limits.waits.findLast(({ fromRows }) => this.#rowsBefore >= fromRows)?.ms ?? 0;
  }

  /** Resolves when what waits is dealt with; outcomes go to the rows' own promises. */
  flush(): Promise<void> {
    this.#next ??= this.#running = this.#running.then(() => this.#drain());
    return this.#next;
  }

  /** What comes while it runs waits for a batch of its own: else small ones would follow each other. */
  async #drain(): Promise<void> {
    this.#next = null;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    let open = this.#waiting.length;
    this.#rowsBefore = open;
    while (open > 0) {
      const batch = this.#take(open);
      open -= batch.length;
      await this.#write(batch);
    }
  }

  #take(most: number): readonly Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { bytes: size } of this.#waiting) {
      if (count === Math.min(most, this.#limits.maxRows) || (count > 0 && bytes + size > this.#limits.maxBytes)) break;
      bytes += size;
      count += 1;
    }
    this.#bytes -= bytes;
    return this.#waiting.splice(0, count);
  }

  async #write(batch: readonly Waiting[]): Promise<void> {
    const spans = batch.flatMap(({ span }) => span ?? []);
    const traced = { table: this.#table, rows: batch.length, spans };
    const failure = await inInsertSpan(traced, () => this.#tryAll(batch));
    if (failure === null) return batch.forEach(({ resolve }) => resolve());
    if (failure.fault !== "bad_row") {
      const error = new TransientError("clickhouse_unavailable", `${this.#table}: ${failure.message}`, failure);
      return batch.forEach(({ reject }) => reject(error));
    }
    const [only] = batch;
    if (only !== undefined && batch.length === 1) {
      const why = `ClickHouse cannot read a row of ${this.#table} (code ${failure.number})`;
      return only.reject(new PoisonRecordError("internal_record_invalid", why));
    }
    const middle = Math.ceil(batch.length / 2);
    await this.#write(batch.slice(0, middle));
    return this.#write(batch.slice(middle));
  }

  /** Tries again while the server is unavailable. */
  async #tryAll(batch: readonly Waiting[]): Promise<StoreError | null> {
    const rows = batch.map(({ row }) => row);
    for (let tries = 0; ; tries += 1) {
      const failure = await this.#store.insert(this.#table, rows).then(() => null, storeError);
      const pauseMs = this.#limits.retryPausesMs[tries];
      if (failure === null || failure.fault !== "unavailable" || pauseMs === undefined) return failure;
      await sleep(pauseMs);
    }
  }
}

function storeError(thrown: unknown): StoreError {
  return thrown instanceof StoreError ? thrown : new StoreError("unavailable", null, thrown);
}

/** Enough to bound a batch: the long fields of a row are its strings. */
function roughBytes(row: object): number {
  return Object.values(row).reduce<number>((sum, value) => sum + (typeof value === "string" ? value.length : 16), 64);
}
