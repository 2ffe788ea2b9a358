/**
 * What a search for runs asks, as conditions of SQL with their bindings: a
 * value never becomes a part of a statement. The columns are those that ended
 * and waiting runs share; only the name of the time differs.
 */

/** A run's place in the order of all: by time, then by id. */
export interface RunPlace {
  readonly atMs: number;
  readonly runId: string;
}

/** All that is given must hold. */
export interface RunFilter {
  readonly client?: string | undefined;
  readonly feature?: string | undefined;
  readonly harness?: string | undefined;
  readonly version?: string | undefined;
  readonly status?: string | undefined;
  readonly batch?: string | undefined;
  /** A part of the document's name, in any case. */
  readonly document?: string | undefined;
  /** Of any of the run's calls: what was asked for, or what answered. */
  readonly model?: string | undefined;
  /** When it ended or was held, Unix milliseconds; `toMs` is exclusive. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  /** How the run's id begins, in small letters. */
  readonly run?: string | undefined;
  /** At least, US dollars in decimals. */
  readonly minCostUsd?: string | undefined;
}

/** Which of the runs that the filter finds: those behind `after`, as far as `until`. */
export interface RunRange {
  readonly after?: RunPlace | undefined;
  readonly until?: RunPlace | undefined;
}

export interface RunConditions {
  readonly where: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A call began at most this long before its run ended: an answer is held for 30 days at most. */
const callBeforeEnd = "toIntervalDay(31)";

export function runConditions(
  { run, model, fromMs, toMs, ...named }: RunFilter,
  { after, until }: RunRange,
  at: "at" | "finished_at",
): RunConditions {
  const wanted = [
    { sql: "client_id = {client:String}", binds: { client: named.client } },
    { sql: "feature = {feature:String}", binds: { feature: named.feature } },
    { sql: "harness = {harness:String}", binds: { harness: named.harness } },
    { sql: "harness_version = {version:String}", binds: { version: named.version } },
    { sql: "status = {status:String}", binds: { status: named.status } },
    { sql: "batch_id = {batch:String}", binds: { batch: named.batch } },
    {
      sql: "positionCaseInsensitiveUTF8(ifNull(document, ''), {document:String}) > 0",
      binds: { document: named.document },
    },
    { sql: "cost_usd >= {minCostUsd:Decimal(38, 12)}", binds: { minCostUsd: named.minCostUsd } },
    { sql: `${at} >= ${timeOf("fromMs")}`, binds: { fromMs } },
    { sql: `${at} < ${timeOf("toMs")}`, binds: { toMs } },
    { sql: isWhole(run) ? "run_id = {run:UUID}" : "startsWith(toString(run_id), {run:String})", binds: { run } },
    { sql: `run_id IN (${callsOfModel(fromMs, toMs)})`, binds: { model } },
    {
      sql: `(${at}, run_id) < (${timeOf("afterMs")}, {afterRun:UUID})`,
      binds: { afterMs: after?.atMs, afterRun: after?.runId },
    },
    {
      sql: `(${at}, run_id) >= (${timeOf("untilMs")}, {untilRun:UUID})`,
      binds: { untilMs: until?.atMs, untilRun: until?.runId },
    },
  ].filter(({ binds }) => Object.values(binds).every((value) => value !== undefined));
  return {
    where: wanted.length === 0 ? "1" : wanted.map(({ sql }) => sql).join(" AND "),
    params: Object.assign({}, ...wanted.map(({ binds }) => binds)),
  };
}

function timeOf(name: string): string {
  return `fromUnixTimestamp64Milli({${name}:Int64}, 'UTC')`;
}

function isWhole(run: string | undefined): boolean {
  return run?.length === 36;
}

function callsOfModel(fromMs: number | undefined, toMs: number | undefined): string {
  const from = fromMs === undefined ? "" : ` AND started_at >= ${timeOf("fromMs")} - ${callBeforeEnd}`;
  const to = toMs === undefined ? "" : ` AND started_at < ${timeOf("toMs")}`;
  return `SELECT run_id FROM calls WHERE (model = {model:String} OR served_model = {model:String})${from}${to}`;
}
