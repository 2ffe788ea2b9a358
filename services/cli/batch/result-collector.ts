/**
 * Takes the records of harness-results and keeps the first result of each run
 * that is awaited: in memory, and as a line of the results file. `complete`
 * resolves when every awaited run has its line on disk. Is told of answers
 * that are held, and counts those that still are.
 */
import { firstResults, type FirstResults, type ResultRecord } from "../../runtime/first-results.ts";
import type { DurableLines } from "../durable-lines.ts";
import type { ResultLine } from "./batch-files.ts";
import type { PlannedDocument } from "./documents/plan.ts";
import type { Progress } from "./progress.ts";
import { lineOfResult } from "./result-line.ts";
import { addToTally, tallyOf, type Tally } from "./tally.ts";

export interface Collecting {
  /** Runs without a result yet. */
  readonly open: readonly PlannedDocument[];
  /** Results by run id; those that come are added. */
  readonly results: Map<string, ResultLine>;
  readonly written: Pick<DurableLines, "append">;
  readonly onProgress: (progress: Progress) => void;
}

export class ResultCollector {
  readonly #collecting: Collecting;
  readonly #awaited: Map<string, PlannedDocument>;
  readonly #held = new Set<string>();
  readonly #first: FirstResults;
  readonly #complete = Promise.withResolvers<void>();
  #tally: Tally;
  #writing: Promise<void> = Promise.resolve();

  constructor(collecting: Collecting) {
    this.#collecting = collecting;
    this.#awaited = new Map(collecting.open.map((document) => [document.runId, document]));
    this.#first = firstResults((runId) => this.#awaited.has(runId));
    this.#tally = tallyOf(collecting.results.values());
    // Whoever awaits `complete` gets its error; until then it must not end the process.
    this.#complete.promise.catch(() => undefined);
    this.#report();
  }

  get complete(): Promise<void> {
    return this.#complete.promise;
  }

  take(record: ResultRecord): void {
    const result = this.#first.take(record);
    const document = result === null ? undefined : this.#awaited.get(result.run_id);
    if (result === null || document === undefined) return;
    const line = lineOfResult(result, document);
    this.#awaited.delete(result.run_id);
    this.#held.delete(result.run_id);
    this.#collecting.results.set(result.run_id, line);
    this.#tally = addToTally(this.#tally, line);
    this.#writing = this.#writing.then(() => this.#collecting.written.append([line]));
    this.#writing.catch((error: unknown) => this.fail(error));
    this.#report();
  }

  /** The run's answer waits for a person; of a run that is not awaited, or no more, nothing is noted. */
  hold(runId: string): void {
    if (!this.#awaited.has(runId) || this.#held.has(runId)) return;
    this.#held.add(runId);
    this.#report();
  }

  /** These runs will not come: they were not published. */
  forget(runIds: readonly string[]): void {
    for (const runId of runIds) this.#awaited.delete(runId);
    this.#report();
  }

  fail(reason: unknown): void {
    this.#complete.reject(reason);
  }

  /** Resolves when everything taken so far is on disk. */
  async flush(): Promise<void> {
    await this.#writing;
  }

  #report(): void {
    const total = this.#collecting.results.size + this.#awaited.size;
    this.#collecting.onProgress({ total, inReview: this.#held.size, tally: this.#tally });
    if (this.#awaited.size === 0) void this.#writing.then(this.#complete.resolve, this.#complete.reject);
  }
}
