-- The stable views anew, out of built sums where these are in force and out of
-- the rows elsewhere, so that they say at every moment what the rows say. Which
-- is which is decided once for a whole query: (SELECT state FROM ...) is a scalar.
--
-- A build is in force while nothing was inserted for its period since: a touch at
-- or after the time that it covers undoes it. Of hours whose rows are no longer
-- kept, the last build stays in force.
CREATE OR REPLACE VIEW period_builds AS
WITH (
  SELECT CAST((groupArray(kind), groupArray(days)), 'Map(String, UInt32)') FROM (SELECT kind, argMax(days, set_at) AS days FROM kept_days GROUP BY kind)
) AS kept
SELECT
  kind, grain, period,
  max(touched_at) AS touched,
  argMax(build_id, covers_until) AS build,
  max(covers_until) AS covers,
  kept[kind] > 0 AND period < now('UTC') - toIntervalDay(kept[kind] - 1) AS settled,
  build != 0 AND (covers > touched OR settled) AS in_force
FROM (
  SELECT kind, 'hour' AS grain, hour AS period, at AS touched_at, toUInt64(0) AS build_id, toDateTime64(0, 6, 'UTC') AS covers_until
  FROM touched_hours
  UNION ALL
  SELECT kind, 'day', toStartOfDay(hour), at, 0, toDateTime64(0, 6, 'UTC') FROM touched_hours
  UNION ALL
  SELECT kind, grain, period, toDateTime64(0, 6, 'UTC'), build, covers FROM builds
)
GROUP BY kind, grain, period;

CREATE OR REPLACE VIEW spend_state AS
SELECT CAST(
  (
    groupArrayIf(build, grain = 'hour' AND in_force),
    groupArrayIf(period, grain = 'hour' AND NOT in_force),
    groupArrayIf(build, grain = 'day' AND in_force),
    groupArrayIf(toDate(period), grain = 'day' AND NOT in_force)
  ),
  'Tuple(hour_builds Array(UInt64), open_hours Array(DateTime(\'UTC\')), day_builds Array(UInt64), open_days Array(Date))'
) AS state
FROM period_builds
WHERE kind = 'spend';

-- The rows of an hour may be replaced by rows of another one, and replace rows of
-- another: hours that share a record with an open hour are open, too, and `replaced`
-- says which rows of them do not count.
CREATE OR REPLACE VIEW runs_state AS
WITH
  (SELECT groupArray(period) FROM period_builds WHERE kind = 'runs' AND grain = 'hour' AND NOT in_force) AS touched,
  (
    SELECT (groupArrayArray(hours), groupArrayArray(lost))
    FROM (
      SELECT
        groupUniqArray(hour) AS hours,
        argMax(hour, version) AS kept,
        arrayMap(other -> (id, event, other), arrayFilter(other -> other != kept, hours)) AS lost
      FROM fact_hours
      WHERE kind = 'runs' AND id IN (SELECT id FROM run_facts WHERE hour IN touched)
      GROUP BY id, event
      HAVING length(hours) > 1
    )
  ) AS shared,
  arrayDistinct(arrayConcat(touched, shared.1)) AS open,
  arrayDistinct(arrayMap(hour -> toDate(hour), open)) AS days
SELECT CAST(
  (
    groupArrayIf(build, grain = 'hour' AND period NOT IN open),
    open,
    groupArrayIf(build, grain = 'day' AND in_force AND toDate(period) NOT IN days),
    groupArrayIf(toDate(period), grain = 'day' AND NOT (in_force AND toDate(period) NOT IN days)),
    shared.2
  ),
  'Tuple(hour_builds Array(UInt64), open_hours Array(DateTime(\'UTC\')), day_builds Array(UInt64), open_days Array(Date), replaced Array(Tuple(FixedString(16), UInt64, DateTime(\'UTC\'))))'
) AS state
FROM period_builds
WHERE kind = 'runs';

CREATE OR REPLACE VIEW audit_state AS
WITH
  (SELECT groupArray(period) FROM period_builds WHERE kind = 'audit' AND grain = 'hour' AND NOT in_force) AS touched,
  (
    SELECT (groupArrayArray(hours), groupArrayArray(lost))
    FROM (
      SELECT
        groupUniqArray(hour) AS hours,
        argMax(hour, version) AS kept,
        arrayMap(other -> (id, event, other), arrayFilter(other -> other != kept, hours)) AS lost
      FROM fact_hours
      WHERE kind = 'audit' AND id IN (SELECT id FROM audit_facts WHERE hour IN touched)
      GROUP BY id, event
      HAVING length(hours) > 1
    )
  ) AS shared,
  arrayDistinct(arrayConcat(touched, shared.1)) AS open,
  arrayDistinct(arrayMap(hour -> toDate(hour), open)) AS days
SELECT CAST(
  (
    groupArrayIf(build, grain = 'hour' AND period NOT IN open),
    open,
    groupArrayIf(build, grain = 'day' AND in_force AND toDate(period) NOT IN days),
    groupArrayIf(toDate(period), grain = 'day' AND NOT (in_force AND toDate(period) NOT IN days)),
    shared.2
  ),
  'Tuple(hour_builds Array(UInt64), open_hours Array(DateTime(\'UTC\')), day_builds Array(UInt64), open_days Array(Date), replaced Array(Tuple(FixedString(16), UInt64, DateTime(\'UTC\'))))'
) AS state
FROM period_builds
WHERE kind = 'audit';

CREATE OR REPLACE VIEW call_measures AS
SELECT
  day AS started_on, toStartOfHour(started_at) AS hour, client_id, feature, harness, harness_version, provider, model, state, outcome,
  spent_for, cut_strategy,
  toUInt64(input_tokens IS NOT NULL) AS has_usage,
  ifNull(input_tokens, 0) AS input,
  ifNull(cached_input_tokens, 0) AS cached_input,
  ifNull(cache_write_tokens, 0) AS cache_write,
  ifNull(output_tokens, 0) AS output,
  ifNull(reasoning_tokens, 0) AS reasoning,
  cost_usd AS cost, bound_low_usd AS bound_low, bound_high_usd AS bound_high, cache_saved_usd AS cache_saved,
  ifNull(cut_tokens, 0) AS cut,
  cut_saved_usd AS cut_saved,
  toUInt64(duration_ms IS NOT NULL) AS has_duration,
  toUInt64(greatest(ifNull(duration_ms, 0), 0)) AS took_ms,
  bitOr(took_ms, intDiv(greatest(roundToExp2(took_ms), 16), 16) - 1) AS took_bucket,
  toUInt64(first_token_ms IS NOT NULL) AS has_first_token,
  toUInt64(ifNull(first_token_ms, 0)) AS first_ms,
  bitOr(first_ms, intDiv(greatest(roundToExp2(first_ms), 16), 16) - 1) AS first_bucket
FROM ledger;

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
  WHERE started_on IN arrayMap(open -> toDate(open), tupleElement((SELECT state FROM spend_state), 'open_hours'))
    AND hour IN tupleElement((SELECT state FROM spend_state), 'open_hours')
)
GROUP BY hour, client_id, feature, harness, harness_version, provider, model, state, outcome, purpose, cut_strategy;

CREATE OR REPLACE VIEW runs_counted AS
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
  WHERE hour IN tupleElement((SELECT state FROM runs_state), 'open_hours')
    AND (id, event, hour) NOT IN tupleElement((SELECT state FROM runs_state), 'replaced')
) AS f
GROUP BY hour, client_id, feature, harness, harness_version, status, decided_by, reason;

CREATE OR REPLACE VIEW guards_counted AS
SELECT
  hour, client_id, feature, harness, harness_version, stage, c.guard AS guard, c.verdict AS verdict, c.rule AS rule,
  countIf(c.rule IS NULL) AS reports,
  countIf(c.rule IS NOT NULL) AS findings
FROM (
  SELECT hour, client_id, feature, harness, harness_version, stage, counted FROM audit_facts FINAL
  WHERE hour IN tupleElement((SELECT state FROM audit_state), 'open_hours')
    AND (id, event, hour) NOT IN tupleElement((SELECT state FROM audit_state), 'replaced')
)
ARRAY JOIN counted AS c
GROUP BY hour, client_id, feature, harness, harness_version, stage, guard, verdict, rule;

CREATE OR REPLACE VIEW decisions_counted AS
SELECT
  hour, client_id, feature, harness, harness_version, stage, decision, reason, cut_strategy,
  count() AS decisions,
  sum(ifNull(f.spared_tokens, 0)) AS spared_tokens,
  sum(f.spared_usd) AS spared_usd
FROM (
  SELECT * FROM audit_facts FINAL
  WHERE hour IN tupleElement((SELECT state FROM audit_state), 'open_hours')
    AND (id, event, hour) NOT IN tupleElement((SELECT state FROM audit_state), 'replaced')
) AS f
GROUP BY hour, client_id, feature, harness, harness_version, stage, decision, reason, cut_strategy;

CREATE OR REPLACE VIEW spend_hourly (
  hour DateTime('UTC') COMMENT 'Start of the hour in which the calls started, UTC',
  client_id LowCardinality(String) COMMENT 'Who pays',
  feature LowCardinality(Nullable(String)) COMMENT 'What the client used it for',
  harness LowCardinality(String) COMMENT 'Its name',
  harness_version LowCardinality(String) COMMENT 'Of its definition',
  provider LowCardinality(String) COMMENT 'Who was asked',
  model LowCardinality(String) COMMENT 'Asked for',
  state LowCardinality(String) COMMENT 'finished, in_flight, or orphan: nobody saw the end, a minute past the deadline',
  outcome LowCardinality(Nullable(String)) COMMENT 'ok or what went wrong; NULL unless finished',
  purpose LowCardinality(String) COMMENT 'first; retry: the same model once more; fallback: another model; repair: asked again after an answer that broke its contract; hedge: made beside a slow call; moderation',
  cut_strategy LowCardinality(Nullable(String)) COMMENT 'head, tail or middle: what was kept of a prompt too long for the model; NULL: it was sent whole',
  calls UInt64 COMMENT 'Calls that left, each once',
  calls_with_usage UInt64 COMMENT 'Of these, those whose tokens are known: the sums of tokens are of them',
  input_tokens UInt64 COMMENT 'Neither read from nor written to the provider''s cache',
  calls_with_cache UInt64 COMMENT 'Calls of which some input was read from the cache',
  cached_input_tokens UInt64 COMMENT 'Read from the cache',
  cache_write_tokens UInt64 COMMENT 'Written to the cache',
  output_tokens UInt64 COMMENT 'Without reasoning',
  reasoning_tokens UInt64 COMMENT 'Charged like output',
  calls_with_cost UInt64 COMMENT 'Calls that cost_usd covers',
  cost_usd Nullable(Decimal(38, 12)) COMMENT 'Sum of the known costs',
  bound_low_usd Nullable(Decimal(38, 12)) COMMENT 'At least; unknown costs included where they have bounds',
  bound_high_usd Nullable(Decimal(38, 12)) COMMENT 'At most, likewise',
  unbounded_calls UInt64 COMMENT 'Calls without a known price: outside every sum of money',
  cache_saved_usd Nullable(Decimal(38, 12)) COMMENT 'What the calls would have cost more without the provider''s cache; below 0 when writing cost more than reading saved',
  cut_tokens UInt64 COMMENT 'Input tokens that were cut from prompts, estimated',
  cut_saved_usd Nullable(Decimal(38, 12)) COMMENT 'Input price of the tokens cut',
  duration_ms Map(UInt64, UInt64) COMMENT 'Histogram of the finished calls'' time: upper bound in ms -> calls',
  first_token_ms Map(UInt64, UInt64) COMMENT 'Histogram of the time to the first token, of calls that had one: upper bound in ms -> calls'
) AS
SELECT
  hour, client_id, feature, harness, harness_version, provider, model, state, outcome, purpose,
  cut_strategy, calls, calls_with_usage, input_tokens, calls_with_cache, cached_input_tokens,
  cache_write_tokens, output_tokens, reasoning_tokens, calls_with_cost, cost_usd, bound_low_usd,
  bound_high_usd, unbounded_calls, cache_saved_usd, cut_tokens, cut_saved_usd, duration_ms, first_token_ms
FROM spend_hours
WHERE build IN tupleElement((SELECT state FROM spend_state), 'hour_builds')
UNION ALL
SELECT
  hour, client_id, feature, harness, harness_version, provider, model, state, outcome, purpose,
  cut_strategy, calls, calls_with_usage, input_tokens, calls_with_cache, cached_input_tokens,
  cache_write_tokens, output_tokens, reasoning_tokens, calls_with_cost, cost_usd, bound_low_usd,
  bound_high_usd, unbounded_calls, cache_saved_usd, cut_tokens, cut_saved_usd, duration_ms, first_token_ms
FROM spend_counted
COMMENT 'What calls cost, by the hour in which they started';

CREATE OR REPLACE VIEW spend_daily (
  day Date COMMENT 'The day on which the calls started, UTC',
  client_id LowCardinality(String) COMMENT 'Who pays',
  feature LowCardinality(Nullable(String)) COMMENT 'What the client used it for',
  harness LowCardinality(String) COMMENT 'Its name',
  harness_version LowCardinality(String) COMMENT 'Of its definition',
  provider LowCardinality(String) COMMENT 'Who was asked',
  model LowCardinality(String) COMMENT 'Asked for',
  state LowCardinality(String) COMMENT 'finished, in_flight, or orphan: nobody saw the end, a minute past the deadline',
  outcome LowCardinality(Nullable(String)) COMMENT 'ok or what went wrong; NULL unless finished',
  purpose LowCardinality(String) COMMENT 'first; retry: the same model once more; fallback: another model; repair: asked again after an answer that broke its contract; hedge: made beside a slow call; moderation',
  cut_strategy LowCardinality(Nullable(String)) COMMENT 'head, tail or middle: what was kept of a prompt too long for the model; NULL: it was sent whole',
  calls UInt64 COMMENT 'Calls that left, each once',
  calls_with_usage UInt64 COMMENT 'Of these, those whose tokens are known: the sums of tokens are of them',
  input_tokens UInt64 COMMENT 'Neither read from nor written to the provider''s cache',
  calls_with_cache UInt64 COMMENT 'Calls of which some input was read from the cache',
  cached_input_tokens UInt64 COMMENT 'Read from the cache',
  cache_write_tokens UInt64 COMMENT 'Written to the cache',
  output_tokens UInt64 COMMENT 'Without reasoning',
  reasoning_tokens UInt64 COMMENT 'Charged like output',
  calls_with_cost UInt64 COMMENT 'Calls that cost_usd covers',
  cost_usd Nullable(Decimal(38, 12)) COMMENT 'Sum of the known costs',
  bound_low_usd Nullable(Decimal(38, 12)) COMMENT 'At least; unknown costs included where they have bounds',
  bound_high_usd Nullable(Decimal(38, 12)) COMMENT 'At most, likewise',
  unbounded_calls UInt64 COMMENT 'Calls without a known price: outside every sum of money',
  cache_saved_usd Nullable(Decimal(38, 12)) COMMENT 'What the calls would have cost more without the provider''s cache; below 0 when writing cost more than reading saved',
  cut_tokens UInt64 COMMENT 'Input tokens that were cut from prompts, estimated',
  cut_saved_usd Nullable(Decimal(38, 12)) COMMENT 'Input price of the tokens cut',
  duration_ms Map(UInt64, UInt64) COMMENT 'Histogram of the finished calls'' time: upper bound in ms -> calls',
  first_token_ms Map(UInt64, UInt64) COMMENT 'Histogram of the time to the first token, of calls that had one: upper bound in ms -> calls'
) AS
SELECT
  day, client_id, feature, harness, harness_version, provider, model, state, outcome, purpose,
  cut_strategy, calls, calls_with_usage, input_tokens, calls_with_cache, cached_input_tokens,
  cache_write_tokens, output_tokens, reasoning_tokens, calls_with_cost, cost_usd, bound_low_usd,
  bound_high_usd, unbounded_calls, cache_saved_usd, cut_tokens, cut_saved_usd, duration_ms, first_token_ms
FROM spend_days
WHERE build IN tupleElement((SELECT state FROM spend_state), 'day_builds')
UNION ALL
SELECT
  toDate(hour) AS day,
  client_id, feature, harness, harness_version, provider, model, state, outcome, purpose, cut_strategy,
  sum(h.calls) AS calls,
  sum(h.calls_with_usage) AS calls_with_usage,
  sum(h.input_tokens) AS input_tokens,
  sum(h.calls_with_cache) AS calls_with_cache,
  sum(h.cached_input_tokens) AS cached_input_tokens,
  sum(h.cache_write_tokens) AS cache_write_tokens,
  sum(h.output_tokens) AS output_tokens,
  sum(h.reasoning_tokens) AS reasoning_tokens,
  sum(h.calls_with_cost) AS calls_with_cost,
  sum(h.cost_usd) AS cost_usd,
  sum(h.bound_low_usd) AS bound_low_usd,
  sum(h.bound_high_usd) AS bound_high_usd,
  sum(h.unbounded_calls) AS unbounded_calls,
  sum(h.cache_saved_usd) AS cache_saved_usd,
  sum(h.cut_tokens) AS cut_tokens,
  sum(h.cut_saved_usd) AS cut_saved_usd,
  sumMap(h.duration_ms) AS duration_ms,
  sumMap(h.first_token_ms) AS first_token_ms
FROM spend_hourly AS h
WHERE toDate(hour) IN tupleElement((SELECT state FROM spend_state), 'open_days')
GROUP BY
  day,
  client_id, feature, harness, harness_version, provider, model, state, outcome, purpose, cut_strategy
COMMENT 'The rows of spend_hourly added up by day';

CREATE OR REPLACE VIEW runs_hourly (
  hour DateTime('UTC') COMMENT 'Start of the hour in which the requests were received, UTC',
  client_id LowCardinality(Nullable(String)) COMMENT 'Who pays; NULL when the request could not be read, as below',
  feature LowCardinality(Nullable(String)) COMMENT 'What the client used it for',
  harness LowCardinality(Nullable(String)) COMMENT 'Its name',
  harness_version LowCardinality(Nullable(String)) COMMENT 'Of its definition',
  status LowCardinality(String) COMMENT 'How the run ended: ok, refused, failed_validation ...',
  decided_by LowCardinality(String) COMMENT 'The stage that ended it',
  reason LowCardinality(Nullable(String)) COMMENT 'Code of the first reason; NULL without one',
  runs UInt64 COMMENT 'Runs that have their result, each once',
  attempts UInt64 COMMENT 'Of these runs together',
  calls UInt64 COMMENT 'As the runs counted them',
  input_tokens UInt64 COMMENT 'All input, as the runs counted it',
  output_tokens UInt64 COMMENT 'With reasoning, likewise',
  runs_with_cost UInt64 COMMENT 'Runs that cost_usd covers',
  cost_usd Nullable(Decimal(38, 12)) COMMENT 'Sum of what the runs knew they had paid; spend_hourly has what came to light later, too',
  unpriced_calls UInt64 COMMENT 'Calls outside that sum',
  runs_without_call UInt64 COMMENT 'Runs that ended before their first call',
  duration_ms Map(UInt64, UInt64) COMMENT 'Histogram of the time from request to result: upper bound in ms -> runs'
) AS
SELECT
  hour, client_id, feature, harness, harness_version, status, decided_by, reason, runs, attempts, calls,
  input_tokens, output_tokens, runs_with_cost, cost_usd, unpriced_calls, runs_without_call, duration_ms
FROM run_hours
WHERE build IN tupleElement((SELECT state FROM runs_state), 'hour_builds')
UNION ALL
SELECT
  hour, client_id, feature, harness, harness_version, status, decided_by, reason, runs, attempts, calls,
  input_tokens, output_tokens, runs_with_cost, cost_usd, unpriced_calls, runs_without_call, duration_ms
FROM runs_counted
COMMENT 'How runs ended, by the hour in which their requests were received';

CREATE OR REPLACE VIEW runs_daily (
  day Date COMMENT 'The day on which the requests were received, UTC',
  client_id LowCardinality(Nullable(String)) COMMENT 'Who pays; NULL when the request could not be read, as below',
  feature LowCardinality(Nullable(String)) COMMENT 'What the client used it for',
  harness LowCardinality(Nullable(String)) COMMENT 'Its name',
  harness_version LowCardinality(Nullable(String)) COMMENT 'Of its definition',
  status LowCardinality(String) COMMENT 'How the run ended: ok, refused, failed_validation ...',
  decided_by LowCardinality(String) COMMENT 'The stage that ended it',
  reason LowCardinality(Nullable(String)) COMMENT 'Code of the first reason; NULL without one',
  runs UInt64 COMMENT 'Runs that have their result, each once',
  attempts UInt64 COMMENT 'Of these runs together',
  calls UInt64 COMMENT 'As the runs counted them',
  input_tokens UInt64 COMMENT 'All input, as the runs counted it',
  output_tokens UInt64 COMMENT 'With reasoning, likewise',
  runs_with_cost UInt64 COMMENT 'Runs that cost_usd covers',
  cost_usd Nullable(Decimal(38, 12)) COMMENT 'Sum of what the runs knew they had paid; spend_hourly has what came to light later, too',
  unpriced_calls UInt64 COMMENT 'Calls outside that sum',
  runs_without_call UInt64 COMMENT 'Runs that ended before their first call',
  duration_ms Map(UInt64, UInt64) COMMENT 'Histogram of the time from request to result: upper bound in ms -> runs'
) AS
SELECT
  day, client_id, feature, harness, harness_version, status, decided_by, reason, runs, attempts, calls,
  input_tokens, output_tokens, runs_with_cost, cost_usd, unpriced_calls, runs_without_call, duration_ms
FROM run_days
WHERE build IN tupleElement((SELECT state FROM runs_state), 'day_builds')
UNION ALL
SELECT
  toDate(hour) AS day,
  client_id, feature, harness, harness_version, status, decided_by, reason,
  sum(h.runs) AS runs,
  sum(h.attempts) AS attempts,
  sum(h.calls) AS calls,
  sum(h.input_tokens) AS input_tokens,
  sum(h.output_tokens) AS output_tokens,
  sum(h.runs_with_cost) AS runs_with_cost,
  sum(h.cost_usd) AS cost_usd,
  sum(h.unpriced_calls) AS unpriced_calls,
  sum(h.runs_without_call) AS runs_without_call,
  sumMap(h.duration_ms) AS duration_ms
FROM runs_hourly AS h
WHERE toDate(hour) IN tupleElement((SELECT state FROM runs_state), 'open_days')
GROUP BY
  day,
  client_id, feature, harness, harness_version, status, decided_by, reason
COMMENT 'The rows of runs_hourly added up by day';

CREATE OR REPLACE VIEW guards_hourly (
  hour DateTime('UTC') COMMENT 'Start of the hour in which the guards ran, UTC',
  client_id LowCardinality(Nullable(String)) COMMENT 'Who pays; NULL when the request could not be read, as below',
  feature LowCardinality(Nullable(String)) COMMENT 'What the client used it for',
  harness LowCardinality(Nullable(String)) COMMENT 'Its name',
  harness_version LowCardinality(Nullable(String)) COMMENT 'Of its definition',
  stage LowCardinality(String) COMMENT 'That ran the guard',
  guard LowCardinality(String) COMMENT 'injection, pii, context_window, output_contract ...',
  verdict LowCardinality(String) COMMENT 'passed, flagged, redacted, blocked, truncated, repaired, sanitised, failed, not_run or off',
  rule LowCardinality(Nullable(String)) COMMENT 'A rule that found something; NULL on the rows that count verdicts',
  reports UInt64 COMMENT 'Times that the guard gave this verdict; 0 on the rows of rules',
  findings UInt64 COMMENT 'Times that the rule found something in a text with this verdict; 0 on the rows of verdicts'
) AS
SELECT
  hour, client_id, feature, harness, harness_version, stage, guard, verdict, rule, reports, findings
FROM guard_hours
WHERE build IN tupleElement((SELECT state FROM audit_state), 'hour_builds')
UNION ALL
SELECT
  hour, client_id, feature, harness, harness_version, stage, guard, verdict, rule, reports, findings
FROM guards_counted
COMMENT 'What guards said and which rules found something; versions in shadow, which decide nothing, are left out';

CREATE OR REPLACE VIEW guards_daily (
  day Date COMMENT 'The day on which the guards ran, UTC',
  client_id LowCardinality(Nullable(String)) COMMENT 'Who pays; NULL when the request could not be read, as below',
  feature LowCardinality(Nullable(String)) COMMENT 'What the client used it for',
  harness LowCardinality(Nullable(String)) COMMENT 'Its name',
  harness_version LowCardinality(Nullable(String)) COMMENT 'Of its definition',
  stage LowCardinality(String) COMMENT 'That ran the guard',
  guard LowCardinality(String) COMMENT 'injection, pii, context_window, output_contract ...',
  verdict LowCardinality(String) COMMENT 'passed, flagged, redacted, blocked, truncated, repaired, sanitised, failed, not_run or off',
  rule LowCardinality(Nullable(String)) COMMENT 'A rule that found something; NULL on the rows that count verdicts',
  reports UInt64 COMMENT 'Times that the guard gave this verdict; 0 on the rows of rules',
  findings UInt64 COMMENT 'Times that the rule found something in a text with this verdict; 0 on the rows of verdicts'
) AS
SELECT
  day, client_id, feature, harness, harness_version, stage, guard, verdict, rule, reports, findings
FROM guard_days
WHERE build IN tupleElement((SELECT state FROM audit_state), 'day_builds')
UNION ALL
SELECT
  toDate(hour) AS day,
  client_id, feature, harness, harness_version, stage, guard, verdict, rule,
  sum(h.reports) AS reports,
  sum(h.findings) AS findings
FROM guards_hourly AS h
WHERE toDate(hour) IN tupleElement((SELECT state FROM audit_state), 'open_days')
GROUP BY
  day,
  client_id, feature, harness, harness_version, stage, guard, verdict, rule
COMMENT 'The rows of guards_hourly added up by day';

CREATE OR REPLACE VIEW decisions_hourly (
  hour DateTime('UTC') COMMENT 'Start of the hour in which it was decided, UTC',
  client_id LowCardinality(Nullable(String)) COMMENT 'Who pays; NULL when the request could not be read, as below',
  feature LowCardinality(Nullable(String)) COMMENT 'What the client used it for',
  harness LowCardinality(Nullable(String)) COMMENT 'Its name',
  harness_version LowCardinality(Nullable(String)) COMMENT 'Of its definition',
  stage LowCardinality(String) COMMENT 'That decided',
  decision LowCardinality(String) COMMENT 'admitted, refused, passed, repaired, retried, failed, in_review, degraded, tier_skipped ...',
  reason LowCardinality(Nullable(String)) COMMENT 'Code of the first reason; NULL without one',
  cut_strategy LowCardinality(Nullable(String)) COMMENT 'Of a judged answer: how the prompt that it answers was cut; NULL: it was sent whole',
  decisions UInt64 COMMENT 'Each once',
  spared_tokens UInt64 COMMENT 'Of refusals: estimated input tokens of the prompts that were not sent',
  spared_usd Nullable(Decimal(38, 12)) COMMENT 'Their price as input; the answers would have come on top'
) AS
SELECT
  hour, client_id, feature, harness, harness_version, stage, decision, reason, cut_strategy, decisions,
  spared_tokens, spared_usd
FROM decision_hours
WHERE build IN tupleElement((SELECT state FROM audit_state), 'hour_builds')
UNION ALL
SELECT
  hour, client_id, feature, harness, harness_version, stage, decision, reason, cut_strategy, decisions,
  spared_tokens, spared_usd
FROM decisions_counted
COMMENT 'What the stages decided';

CREATE OR REPLACE VIEW decisions_daily (
  day Date COMMENT 'The day on which it was decided, UTC',
  client_id LowCardinality(Nullable(String)) COMMENT 'Who pays; NULL when the request could not be read, as below',
  feature LowCardinality(Nullable(String)) COMMENT 'What the client used it for',
  harness LowCardinality(Nullable(String)) COMMENT 'Its name',
  harness_version LowCardinality(Nullable(String)) COMMENT 'Of its definition',
  stage LowCardinality(String) COMMENT 'That decided',
  decision LowCardinality(String) COMMENT 'admitted, refused, passed, repaired, retried, failed, in_review, degraded, tier_skipped ...',
  reason LowCardinality(Nullable(String)) COMMENT 'Code of the first reason; NULL without one',
  cut_strategy LowCardinality(Nullable(String)) COMMENT 'Of a judged answer: how the prompt that it answers was cut; NULL: it was sent whole',
  decisions UInt64 COMMENT 'Each once',
  spared_tokens UInt64 COMMENT 'Of refusals: estimated input tokens of the prompts that were not sent',
  spared_usd Nullable(Decimal(38, 12)) COMMENT 'Their price as input; the answers would have come on top'
) AS
SELECT
  day, client_id, feature, harness, harness_version, stage, decision, reason, cut_strategy, decisions,
  spared_tokens, spared_usd
FROM decision_days
WHERE build IN tupleElement((SELECT state FROM audit_state), 'day_builds')
UNION ALL
SELECT
  toDate(hour) AS day,
  client_id, feature, harness, harness_version, stage, decision, reason, cut_strategy,
  sum(h.decisions) AS decisions,
  sum(h.spared_tokens) AS spared_tokens,
  sum(h.spared_usd) AS spared_usd
FROM decisions_hourly AS h
WHERE toDate(hour) IN tupleElement((SELECT state FROM audit_state), 'open_days')
GROUP BY
  day,
  client_id, feature, harness, harness_version, stage, decision, reason, cut_strategy
COMMENT 'The rows of decisions_hourly added up by day';
