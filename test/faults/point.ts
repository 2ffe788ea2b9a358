/** A point of the matrix: what is done to the system while runs go through it, and what that excuses. */
import type { Mark } from "../support/evidence.ts";
import type { CommitSnapshot } from "./commit-snapshot.ts";
import type { FaultSystem } from "./fault-system.ts";
import type { PlannedRun } from "./harness.ts";
import type { Random } from "./random.ts";

export interface Scene {
  readonly system: FaultSystem;
  readonly random: Random;
  /** How many runs go through it. */
  readonly runs: number;
  /** Of this point and seed alone. */
  readonly clientId: string;
  /** Before anything was done. */
  readonly since: Mark;
}

/** What was done. */
export interface Deed {
  readonly runs: readonly PlannedRun[];
  /** When it was done, Unix ms: what had no result by then has to recover. */
  readonly atMs: number;
  /** Processes that were hit. */
  readonly hits: number;
  /** Kafka client ids. */
  readonly killed: readonly string[];
  readonly frozen: readonly string[];
  /** Commits as they stood when a process was hit. */
  readonly snapshots?: readonly CommitSnapshot[];
  /** Dead letters that the runs ask for. */
  readonly deadLetters?: Readonly<Record<string, bigint>>;
  /** Calls that may have been repeated at most; absent: as many as were under way. */
  readonly mostRepeated?: number;
}

export interface Point {
  /** As in the list of kill points, with the signal: `I3 SIGKILL`. */
  readonly id: string;
  /** A sentence. */
  readonly name: string;
  readonly act: (scene: Scene) => Promise<Deed>;
}
