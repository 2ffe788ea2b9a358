/**
 * A provider's usage report in one shape: tokens of each model on each day
 * (UTC) in disjoint buckets, whichever provider and file it came from.
 */
export interface ReportedUsage {
  /** YYYY-MM-DD, UTC. */
  readonly day: string;
  readonly model: string;
  /** Requests that the provider served; null where the report does not count them. */
  readonly requests: number | null;
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly cacheWriteTokens: number;
  /** Reasoning included. */
  readonly outputTokens: number;
}

export interface UsageExport {
  readonly provider: "openai" | "anthropic";
  /** Days that the report covers, also those on which nothing was used; first and last included. */
  readonly from: string;
  readonly to: string;
  readonly usage: readonly ReportedUsage[];
}

/** What a layout makes of its rows before days and models are added up. */
export interface LayoutRows {
  readonly days: readonly string[];
  readonly rows: readonly ReportedUsage[];
}

/** The file is not a usage report that can be compared; the message says what is missing. */
export class ExportError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ExportError";
  }
}

/** Rows of one day and model become one. @throws ExportError when the report covers no day. */
export function exportOf(provider: UsageExport["provider"], { days, rows }: LayoutRows): UsageExport {
  const covered = days.toSorted();
  const from = covered[0];
  const to = covered.at(-1);
  if (from === undefined || to === undefined) throw new ExportError("the report covers no day");
  const groups = Map.groupBy(rows, ({ day, model }) => `${day} ${model}`);
  return { provider, from, to, usage: [...groups.values()].flatMap((group) => sumOf(group)) };
}

function sumOf([first, ...others]: readonly ReportedUsage[]): ReportedUsage[] {
  if (first === undefined) return [];
  return [
    others.reduce<ReportedUsage>(
      (sum, row) => ({
        ...sum,
        requests: sum.requests === null || row.requests === null ? null : sum.requests + row.requests,
        inputTokens: sum.inputTokens + row.inputTokens,
        cachedInputTokens: sum.cachedInputTokens + row.cachedInputTokens,
        cacheWriteTokens: sum.cacheWriteTokens + row.cacheWriteTokens,
        outputTokens: sum.outputTokens + row.outputTokens,
      }),
      first,
    ),
  ];
}

/** The day of an ISO 8601 time or of Unix seconds. @throws ExportError when it is neither. */
export function dayOf(time: string | number): string {
  const at = typeof time === "number" ? time * 1000 : Date.parse(time);
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) throw new ExportError(`not a time: ${String(time).slice(0, 40)}`);
  return date.toISOString().slice(0, 10);
}
