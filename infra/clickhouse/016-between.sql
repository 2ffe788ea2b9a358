-- The hourly views between two hours, read from sums by day where a whole day lies
-- between them: a tenth of the rows. Such a day's rows stand in its first hour, so
-- these tell nothing by the hour. Parameters are Unix seconds of full hours:
-- `since`, `until` (exclusive) and `apart`: no row is made of hours on both sides of
-- it; `since` when that does not matter.

CREATE OR REPLACE VIEW spend_between AS
SELECT
  toDateTime(day, 'UTC') AS hour,
  client_id, feature, harness, harness_version, provider, model, state, outcome, purpose, cut_strategy,
  calls, calls_with_usage, input_tokens, calls_with_cache, cached_input_tokens, cache_write_tokens,
  output_tokens, reasoning_tokens, calls_with_cost, cost_usd, bound_low_usd, bound_high_usd,
  unbounded_calls, cache_saved_usd, cut_tokens, cut_saved_usd, duration_ms, first_token_ms
FROM spend_days
WHERE build IN tupleElement((SELECT state FROM spend_state), 'day_builds')
  AND (toUInt32(day) * 86400 >= {since:UInt32} AND toUInt32(day) * 86400 + 86400 <= {until:UInt32})
  AND NOT (toUInt32(day) * 86400 < {apart:UInt32} AND toUInt32(day) * 86400 + 86400 > {apart:UInt32})
UNION ALL
SELECT
  hour, client_id, feature, harness, harness_version, provider, model, state, outcome, purpose,
  cut_strategy, calls, calls_with_usage, input_tokens, calls_with_cache, cached_input_tokens,
  cache_write_tokens, output_tokens, reasoning_tokens, calls_with_cost, cost_usd, bound_low_usd,
  bound_high_usd, unbounded_calls, cache_saved_usd, cut_tokens, cut_saved_usd, duration_ms, first_token_ms
FROM spend_hourly
WHERE hour >= toDateTime({since:UInt32}, 'UTC') AND hour < toDateTime({until:UInt32}, 'UTC')
  AND (
    toDate(hour) IN tupleElement((SELECT state FROM spend_state), 'open_days')
    OR toUnixTimestamp(toStartOfDay(hour)) < {since:UInt32}
    OR toUnixTimestamp(toStartOfDay(hour)) + 86400 > {until:UInt32}
    OR (toUnixTimestamp(toStartOfDay(hour)) < {apart:UInt32} AND toUnixTimestamp(toStartOfDay(hour)) + 86400 > {apart:UInt32})
  );

CREATE OR REPLACE VIEW runs_between AS
SELECT
  toDateTime(day, 'UTC') AS hour,
  client_id, feature, harness, harness_version, status, decided_by, reason, runs, attempts, calls,
  input_tokens, output_tokens, runs_with_cost, cost_usd, unpriced_calls, runs_without_call, duration_ms
FROM run_days
WHERE build IN tupleElement((SELECT state FROM runs_state), 'day_builds')
  AND (toUInt32(day) * 86400 >= {since:UInt32} AND toUInt32(day) * 86400 + 86400 <= {until:UInt32})
  AND NOT (toUInt32(day) * 86400 < {apart:UInt32} AND toUInt32(day) * 86400 + 86400 > {apart:UInt32})
UNION ALL
SELECT
  hour, client_id, feature, harness, harness_version, status, decided_by, reason, runs, attempts, calls,
  input_tokens, output_tokens, runs_with_cost, cost_usd, unpriced_calls, runs_without_call, duration_ms
FROM runs_hourly
WHERE hour >= toDateTime({since:UInt32}, 'UTC') AND hour < toDateTime({until:UInt32}, 'UTC')
  AND (
    toDate(hour) IN tupleElement((SELECT state FROM runs_state), 'open_days')
    OR toUnixTimestamp(toStartOfDay(hour)) < {since:UInt32}
    OR toUnixTimestamp(toStartOfDay(hour)) + 86400 > {until:UInt32}
    OR (toUnixTimestamp(toStartOfDay(hour)) < {apart:UInt32} AND toUnixTimestamp(toStartOfDay(hour)) + 86400 > {apart:UInt32})
  );

CREATE OR REPLACE VIEW guards_between AS
SELECT
  toDateTime(day, 'UTC') AS hour,
  client_id, feature, harness, harness_version, stage, guard, verdict, rule, reports, findings
FROM guard_days
WHERE build IN tupleElement((SELECT state FROM audit_state), 'day_builds')
  AND (toUInt32(day) * 86400 >= {since:UInt32} AND toUInt32(day) * 86400 + 86400 <= {until:UInt32})
  AND NOT (toUInt32(day) * 86400 < {apart:UInt32} AND toUInt32(day) * 86400 + 86400 > {apart:UInt32})
UNION ALL
SELECT
  hour, client_id, feature, harness, harness_version, stage, guard, verdict, rule, reports, findings
FROM guards_hourly
WHERE hour >= toDateTime({since:UInt32}, 'UTC') AND hour < toDateTime({until:UInt32}, 'UTC')
  AND (
    toDate(hour) IN tupleElement((SELECT state FROM audit_state), 'open_days')
    OR toUnixTimestamp(toStartOfDay(hour)) < {since:UInt32}
    OR toUnixTimestamp(toStartOfDay(hour)) + 86400 > {until:UInt32}
    OR (toUnixTimestamp(toStartOfDay(hour)) < {apart:UInt32} AND toUnixTimestamp(toStartOfDay(hour)) + 86400 > {apart:UInt32})
  );

CREATE OR REPLACE VIEW decisions_between AS
SELECT
  toDateTime(day, 'UTC') AS hour,
  client_id, feature, harness, harness_version, stage, decision, reason, cut_strategy, decisions,
  spared_tokens, spared_usd
FROM decision_days
WHERE build IN tupleElement((SELECT state FROM audit_state), 'day_builds')
  AND (toUInt32(day) * 86400 >= {since:UInt32} AND toUInt32(day) * 86400 + 86400 <= {until:UInt32})
  AND NOT (toUInt32(day) * 86400 < {apart:UInt32} AND toUInt32(day) * 86400 + 86400 > {apart:UInt32})
UNION ALL
SELECT
  hour, client_id, feature, harness, harness_version, stage, decision, reason, cut_strategy, decisions,
  spared_tokens, spared_usd
FROM decisions_hourly
WHERE hour >= toDateTime({since:UInt32}, 'UTC') AND hour < toDateTime({until:UInt32}, 'UTC')
  AND (
    toDate(hour) IN tupleElement((SELECT state FROM audit_state), 'open_days')
    OR toUnixTimestamp(toStartOfDay(hour)) < {since:UInt32}
    OR toUnixTimestamp(toStartOfDay(hour)) + 86400 > {until:UInt32}
    OR (toUnixTimestamp(toStartOfDay(hour)) < {apart:UInt32} AND toUnixTimestamp(toStartOfDay(hour)) + 86400 > {apart:UInt32})
  );

-- The rows of savings_hourly, apart by where they come from, so that both parts can
-- be asked for at once: what calls saved, and what decisions say of savings.
CREATE OR REPLACE VIEW call_savings_between AS
SELECT
  hour, client_id, feature, harness, harness_version,
  saved.1 AS saving, saved.2 AS strategy, CAST(NULL, 'Nullable(String)') AS reason,
  saved.3 AS calls, toUInt64(0) AS runs, saved.4 AS tokens, saved.5 AS saved_usd, toUInt64(0) AS judged_answers, toUInt64(0) AS failed_answers
FROM (
  SELECT
    hour, client_id, feature, harness, harness_version,
    arrayJoin(arrayConcat(
      if(purpose = 'moderation', [], [('truncation', ifNull(toString(cut_strategy), 'whole'), calls, cut_tokens, cut_saved_usd)]),
      if(cached_input_tokens = 0 AND cache_write_tokens = 0, [],
        [('cache', 'prompt', calls_with_cache, cached_input_tokens, cache_saved_usd)])
    )) AS saved
  FROM spend_between(since = {since:UInt32}, apart = {apart:UInt32}, until = {until:UInt32})
);

CREATE OR REPLACE VIEW decision_savings_between AS
SELECT
  hour, client_id, feature, harness, harness_version,
  if(stage = 'input-scan', 'refusal', 'truncation') AS saving,
  if(stage = 'input-scan', 'refused', ifNull(toString(cut_strategy), 'whole')) AS strategy,
  if(stage = 'input-scan', toString(d.reason), NULL) AS reason,
  toUInt64(0) AS calls,
  if(stage = 'input-scan', decisions, toUInt64(0)) AS runs,
  if(stage = 'input-scan', spared_tokens, toUInt64(0)) AS tokens,
  if(stage = 'input-scan', spared_usd, NULL) AS saved_usd,
  if(stage = 'input-scan', toUInt64(0), decisions) AS judged_answers,
  if(stage = 'output-validate' AND decision IN ('retried', 'failed', 'degraded'), decisions, toUInt64(0)) AS failed_answers
FROM decisions_between(since = {since:UInt32}, apart = {apart:UInt32}, until = {until:UInt32}) AS d
WHERE (stage = 'input-scan' AND decision = 'refused')
  OR (stage = 'output-validate' AND decision IN ('passed', 'repaired', 'in_review', 'retried', 'failed', 'degraded'));

-- For calls that start in open hours ClickHouse uses the table's index where it is given
-- a CAST of a constant array, and does not for an arrayMap of one.
CREATE OR REPLACE VIEW spend_counted AS
SELECT
  hour, client_id, feature, harness, harness_version, provider, model, state, outcome, spent_for AS purpose, cut_strategy,
  count() AS calls,
  sum(has_usage) AS calls_with_usage,
  sum(input) AS input_tokens,
  countIf(cached_input > 0) AS calls_with_cache,
  sum(cached_input) AS cached_input_tokens,
  sum(cache_write) AS cache_write_tokens,
  sum(output) AS output_tokens,
  sum(reasoning) AS reasoning_tokens,
  count(cost) AS calls_with_cost,
  sum(cost) AS cost_usd,
  sum(bound_low) AS bound_low_usd,
  sum(bound_high) AS bound_high_usd,
  count() - count(bound_high) AS unbounded_calls,
  sum(cache_saved) AS cache_saved_usd,
  sum(cut) AS cut_tokens,
  sum(cut_saved) AS cut_saved_usd,
  sumMapIf(map(took_bucket, has_duration), has_duration = 1) AS duration_ms,
  sumMapIf(map(first_bucket, has_first_token), has_first_token = 1) AS first_token_ms
FROM (
  SELECT * FROM call_measures
  WHERE started_on IN CAST(tupleElement((SELECT state FROM spend_state), 'open_hours'), 'Array(Date)')
    AND hour IN tupleElement((SELECT state FROM spend_state), 'open_hours')
)
GROUP BY hour, client_id, feature, harness, harness_version, provider, model, state, outcome, purpose, cut_strategy;

-- The rows of some hours added up, open or not: what a build is made of. It asks for no
-- state, which takes long where every hour is open.
CREATE OR REPLACE VIEW spend_counted_in AS
SELECT
  hour, client_id, feature, harness, harness_version, provider, model, state, outcome, spent_for AS purpose, cut_strategy,
  count() AS calls,
  sum(has_usage) AS calls_with_usage,
  sum(input) AS input_tokens,
  countIf(cached_input > 0) AS calls_with_cache,
  sum(cached_input) AS cached_input_tokens,
  sum(cache_write) AS cache_write_tokens,
  sum(output) AS output_tokens,
  sum(reasoning) AS reasoning_tokens,
  count(cost) AS calls_with_cost,
  sum(cost) AS cost_usd,
  sum(bound_low) AS bound_low_usd,
  sum(bound_high) AS bound_high_usd,
  count() - count(bound_high) AS unbounded_calls,
  sum(cache_saved) AS cache_saved_usd,
  sum(cut) AS cut_tokens,
  sum(cut_saved) AS cut_saved_usd,
  sumMapIf(map(took_bucket, has_duration), has_duration = 1) AS duration_ms,
  sumMapIf(map(first_bucket, has_first_token), has_first_token = 1) AS first_token_ms
FROM (
  SELECT * FROM call_measures
  WHERE started_on IN CAST(CAST({hours:Array(UInt32)}, 'Array(DateTime(\'UTC\'))'), 'Array(Date)')
    AND hour IN CAST({hours:Array(UInt32)}, 'Array(DateTime(\'UTC\'))')
)
GROUP BY hour, client_id, feature, harness, harness_version, provider, model, state, outcome, purpose, cut_strategy;

CREATE OR REPLACE VIEW runs_counted_in AS
SELECT
  hour, client_id, feature, harness, harness_version, status, decided_by, reason,
  count() AS runs,
  sum(f.attempts) AS attempts,
  sum(f.calls) AS calls,
  sum(f.input_tokens) AS input_tokens,
  sum(f.output_tokens) AS output_tokens,
  count(f.cost_usd) AS runs_with_cost,
  sum(f.cost_usd) AS cost_usd,
  sum(f.unpriced_calls) AS unpriced_calls,
  countIf(f.calls = 0) AS runs_without_call,
  sumMap(map(bitOr(took_ms, intDiv(greatest(roundToExp2(took_ms), 16), 16) - 1), toUInt64(1))) AS duration_ms
FROM (
  SELECT *, toUInt64(greatest(duration_ms, 0)) AS took_ms FROM run_facts FINAL
  WHERE hour IN CAST({hours:Array(UInt32)}, 'Array(DateTime(\'UTC\'))')
    AND (id, event, hour) NOT IN (
      SELECT id, event, arrayJoin(arrayFilter(other -> other != kept, hours))
      FROM (
        SELECT id, event, groupUniqArray(hour) AS hours, argMax(hour, version) AS kept FROM fact_hours
        WHERE kind = 'runs' AND id IN (SELECT id FROM run_facts WHERE hour IN CAST({hours:Array(UInt32)}, 'Array(DateTime(\'UTC\'))'))
        GROUP BY id, event
        HAVING length(hours) > 1
      )
    )
) AS f
GROUP BY hour, client_id, feature, harness, harness_version, status, decided_by, reason;

CREATE OR REPLACE VIEW guards_counted_in AS
SELECT
  hour, client_id, feature, harness, harness_version, stage, c.guard AS guard, c.verdict AS verdict, c.rule AS rule,
  countIf(c.rule IS NULL) AS reports,
  countIf(c.rule IS NOT NULL) AS findings
FROM (
  SELECT hour, client_id, feature, harness, harness_version, stage, counted FROM audit_facts FINAL
  WHERE hour IN CAST({hours:Array(UInt32)}, 'Array(DateTime(\'UTC\'))')
    AND (id, event, hour) NOT IN (
      SELECT id, event, arrayJoin(arrayFilter(other -> other != kept, hours))
      FROM (
        SELECT id, event, groupUniqArray(hour) AS hours, argMax(hour, version) AS kept FROM fact_hours
        WHERE kind = 'audit' AND id IN (SELECT id FROM audit_facts WHERE hour IN CAST({hours:Array(UInt32)}, 'Array(DateTime(\'UTC\'))'))
        GROUP BY id, event
        HAVING length(hours) > 1
      )
    )
)
ARRAY JOIN counted AS c
GROUP BY hour, client_id, feature, harness, harness_version, stage, guard, verdict, rule;

CREATE OR REPLACE VIEW decisions_counted_in AS
SELECT
  hour, client_id, feature, harness, harness_version, stage, decision, reason, cut_strategy,
  count() AS decisions,
  sum(ifNull(f.spared_tokens, 0)) AS spared_tokens,
  sum(f.spared_usd) AS spared_usd
FROM (
  SELECT * FROM audit_facts FINAL
  WHERE hour IN CAST({hours:Array(UInt32)}, 'Array(DateTime(\'UTC\'))')
    AND (id, event, hour) NOT IN (
      SELECT id, event, arrayJoin(arrayFilter(other -> other != kept, hours))
      FROM (
        SELECT id, event, groupUniqArray(hour) AS hours, argMax(hour, version) AS kept FROM fact_hours
        WHERE kind = 'audit' AND id IN (SELECT id FROM audit_facts WHERE hour IN CAST({hours:Array(UInt32)}, 'Array(DateTime(\'UTC\'))'))
        GROUP BY id, event
        HAVING length(hours) > 1
      )
    )
) AS f
GROUP BY hour, client_id, feature, harness, harness_version, stage, decision, reason, cut_strategy;
