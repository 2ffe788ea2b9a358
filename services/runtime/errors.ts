/**
 * The only errors the shell knows. Everything a user can send is a value, not
 * an error; anything else thrown is a bug and ends the process.
 */
import type { DeadLetterCode } from "../../schemas/parts/codes.ts";

export const transientCodes = [
  "broker_unavailable",
  "registry_unavailable",
  "clickhouse_unavailable",
  "definition_pending",
  /** The record's partition went to another process, or this one is stopping: nothing new was started for it. */
  "partition_lost",
] as const;
export type TransientCode = (typeof transientCodes)[number];

/** It may work later: the shell retries, then leaves the record uncommitted. */
export class TransientError extends Error {
  readonly code: TransientCode;
  constructor(code: TransientCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "TransientError";
    this.code = code;
  }
}

/** It will never work: the shell dead-letters the record now. */
export class PoisonRecordError extends Error {
  readonly code: DeadLetterCode;
  constructor(code: DeadLetterCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "PoisonRecordError";
    this.code = code;
  }
}

/** The settings are wrong: printed as it is, and the process ends with status 2. */
export class ConfigError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ConfigError";
  }
}
