/**
 * The first terminal record of a run by offset on harness-results is its
 * result; later ones are ignored. A run's records are all in one partition, so
 * a reader that reads each partition in order meets the first one first, as
 * long as it starts at or before it.
 */
import { z } from "zod";
import { runResult, type RunResult } from "../../schemas/records/run-result.ts";

export interface ResultRecord {
  readonly partition: number;
  readonly offset: bigint;
  readonly value: Buffer | null;
}

export interface FirstResults {
  /** The result, when this record is the run's first terminal record; null for later ones and for what is no result. */
  take(record: ResultRecord): RunResult | null;
}

/** `wanted` limits what is remembered to the runs somebody waits for. */
export function firstResults(wanted: (runId: string) => boolean): FirstResults {
  const seen = new Set<string>();
  return {
    take: (record) => {
      const result = parseResult(record.value);
      if (result === null || !wanted(result.run_id) || seen.has(result.run_id)) return null;
      seen.add(result.run_id);
      return result;
    },
  };
}

const resultRecord = z.compile(runResult);

export function parseResult(value: Buffer | null): RunResult | null {
  if (value === null) return null;
  try {
    const parsed = resultRecord.safeParse(JSON.parse(value.toString("utf8")));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
