/**
 * What the stable views must say, by another way: from the tables themselves,
 * each call, run and decision once by LIMIT 1 BY (no FINAL, none of the views),
 * and with sums, buckets and purposes told in other words. Slow: every row is
 * read, and every one is sorted.
 */
export const views = ["spend", "runs", "guards", "decisions"] as const;
export type View = (typeof views)[number];
export type Grain = "hourly" | "daily";

/** Sixteen buckets to every doubling, from 16 on; the upper bound of the one that holds it. */
function bucket(ms: string): string {
  const width = `toUInt64(if(${ms} < 32, 1, exp2(floor(log2(${ms})) - 4)))`;
  return `(intDiv(${ms}, ${width}) + 1) * ${width} - 1`;
}

const histogram = (ms: string) =>
  `CAST(arraySort(arrayMap(bound -> (bound, toUInt64(countEqual(all_of_${ms}, bound))), arrayDistinct(all_of_${ms}))), 'Map(UInt64, UInt64)')`;

const free = "('rate_limited', 'overloaded', 'bad_request', 'unauthorized', 'not_found')";

const callsOnce = `SELECT *,
    outcome IS NOT NULL AND outcome IN ${free} AS refused_unpaid,
    CASE WHEN version >= 3 THEN 'finished' WHEN dateDiff('millisecond', deadline_at, now64(3, 'UTC')) > 60000 THEN 'orphan'
      ELSE 'in_flight' END AS seen,
    CASE WHEN purpose = 'moderation' THEN 'moderation' WHEN hedge_of IS NOT NULL THEN 'hedge' WHEN attempt >= 2 THEN 'repair'
      WHEN tier >= 1 THEN 'fallback' WHEN call_no >= 2 THEN 'retry' ELSE 'first' END AS made_for,
    CASE WHEN cost_usd IS NOT NULL THEN cost_usd WHEN refused_unpaid OR outcome = 'connection' THEN toDecimal128(0, 12)
      ELSE cost_low_usd END AS least,
    CASE WHEN usage_source = 'estimated' AND cost_usd != 0 AND NOT refused_unpaid AND cost_high_usd > cost_usd THEN cost_high_usd
      WHEN cost_usd IS NOT NULL THEN cost_usd WHEN refused_unpaid THEN toDecimal128(0, 12) ELSE cost_high_usd END AS most
  FROM (SELECT * FROM calls ORDER BY version DESC LIMIT 1 BY call_id)`;

const runsOnce = "SELECT * FROM (SELECT * FROM runs ORDER BY version DESC LIMIT 1 BY run_id)";
const decisionsOnce = "SELECT * FROM (SELECT * FROM audit ORDER BY version DESC LIMIT 1 BY run_id, event_id)";

/** Guards' verdicts (rule null) and, once for each rule of a guard, what was found. From the reports as JSON. */
const guardsOnce = `SELECT *, arrayJoin(arrayConcat(
    arrayMap(report -> (JSONExtractString(report, 'guard'), JSONExtractString(report, 'verdict'), CAST(NULL AS Nullable(String))), reports),
    arrayDistinct(arrayFlatten(arrayMap(report -> arrayMap(found ->
      (JSONExtractString(report, 'guard'), JSONExtractString(report, 'verdict'), CAST(JSONExtractString(found, 'rule') AS Nullable(String))),
      JSONExtractArrayRaw(report, 'findings')), reports)))
  )) AS told
  FROM (SELECT *, JSONExtractArrayRaw(guards) AS reports FROM (${decisionsOnce}) WHERE decision NOT LIKE 'shadow%')`;

interface Counted {
  readonly from: string;
  readonly time: string;
  readonly by: readonly string[];
  readonly counts: readonly string[];
}

const attributed = ["client_id", "feature", "harness", "harness_version"];

const counted: Readonly<Record<View, Counted>> = {
  spend: {
    from: callsOnce,
    time: "started_at",
    by: [...attributed, "provider", "model", "seen", "outcome", "made_for", "cut_strategy"],
    counts: [
      "count(call_id) AS n",
      "sum(if(o.input_tokens IS NULL, 0, 1))",
      "sum(coalesce(o.input_tokens, 0))",
      "sum(if(o.cached_input_tokens > 0, 1, 0))",
      "sum(coalesce(o.cached_input_tokens, 0))",
      "sum(coalesce(o.cache_write_tokens, 0))",
      "sum(coalesce(o.output_tokens, 0))",
      "sum(coalesce(o.reasoning_tokens, 0))",
      "sum(if(o.cost_usd IS NULL, 0, 1))",
      "sum(o.cost_usd)",
      "sum(least)",
      "sum(most)",
      "sum(if(most IS NULL, 1, 0))",
      "sum(o.uncached_cost_usd) - sum(if(o.uncached_cost_usd IS NULL, NULL, o.cost_usd))",
      "sum(coalesce(o.cut_tokens, 0))",
      "sum(o.cut_saved_usd)",
      `groupArrayIf(${bucket("toUInt64(if(o.duration_ms < 0, 0, coalesce(o.duration_ms, 0)))")}, o.duration_ms IS NOT NULL) AS all_of_duration`,
      `groupArrayIf(${bucket("toUInt64(coalesce(o.first_token_ms, 0))")}, o.first_token_ms IS NOT NULL) AS all_of_first_token`,
    ],
  },
  runs: {
    from: runsOnce,
    time: "received_at",
    by: [...attributed, "status", "decided_by", "arrayElementOrNull(reason_codes, 1)"],
    counts: [
      "count(run_id) AS n",
      "sum(o.attempts)",
      "sum(o.calls)",
      "sum(o.input_tokens)",
      "sum(o.output_tokens)",
      "sum(if(o.cost_usd IS NULL, 0, 1))",
      "sum(o.cost_usd)",
      "sum(o.unpriced_calls)",
      "sum(if(o.calls > 0, 0, 1))",
      `groupArray(${bucket("toUInt64(if(o.duration_ms < 0, 0, o.duration_ms))")}) AS all_of_duration`,
    ],
  },
  guards: {
    from: guardsOnce,
    time: "decided_at",
    by: [...attributed, "stage", "told.1", "told.2", "told.3"],
    counts: ["sum(if(told.3 IS NULL, 1, 0))", "sum(if(told.3 IS NULL, 0, 1))"],
  },
  decisions: {
    from: decisionsOnce,
    time: "decided_at",
    by: [...attributed, "stage", "decision", "arrayElementOrNull(reason_codes, 1)", "cut_strategy"],
    counts: ["count(event_id)", "sum(coalesce(o.spared_tokens, 0))", "sum(o.spared_usd)"],
  },
};

/** Of the runs, by their ids: what millions of rows are sorted in. */
export interface Part {
  readonly of: number;
  readonly number: number;
}

/** All rows of `<view>_<grain>`, under the same names, in no order; of a part alone, if one is named. */
export function referenceSql(view: View, grain: Grain, names: readonly string[], part?: Part): string {
  const { time, by, counts } = counted[view];
  const only = part === undefined ? "" : ` WHERE cityHash64(run_id) % ${part.of} = ${part.number}`;
  const from = counted[view].from.replace(/FROM (calls|runs|audit) /, `FROM $1${only} `);
  const period =
    grain === "hourly" ? `toDateTime(intDiv(toUnixTimestamp(${time}), 3600) * 3600, 'UTC')` : `toDate(${time})`;
  const inner = [period, ...by, ...counts].map((sql, index) => (/ AS \w+$/.test(sql) ? sql : `${sql} AS c${index}`));
  const outer = names.map((name, index) => {
    const own = / AS (\w+)$/.exec(inner[index] ?? "")?.[1] ?? "";
    return own.startsWith("all_of_") ? `${histogram(own.slice(7))} AS ${name}` : `${own} AS ${name}`;
  });
  const group = inner.slice(0, by.length + 1).map((sql) => / AS (\w+)$/.exec(sql)?.[1]);
  return `SELECT ${outer.join(", ")} FROM (
    SELECT ${inner.join(",\n      ")}
    FROM (${from}) AS o GROUP BY ${group.join(", ")}
  )`;
}
