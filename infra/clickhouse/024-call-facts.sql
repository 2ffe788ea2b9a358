-- What questions pay for hours that are read from their rows, made small.

-- What is counted of calls, in the order of time: the table itself is in the order of
-- clients and days, so that two open hours would be read as whole days. Rows of one
-- call have the same start, so they are in the same hour and replace each other here
-- as they do there. What does not change by waiting is worked out when a row comes.
CREATE TABLE IF NOT EXISTS call_facts (
  hour DateTime('UTC'),
  call_id UUID,
  version UInt8 COMMENT '1 started, 3 finished; the highest is the call''s row',
  deadline_at DateTime64(3, 'UTC'),
  client_id LowCardinality(String),
  feature LowCardinality(Nullable(String)),
  harness LowCardinality(String),
  harness_version LowCardinality(String),
  provider LowCardinality(String),
  model LowCardinality(String),
  outcome LowCardinality(Nullable(String)),
  spent_for LowCardinality(String),
  cut_strategy LowCardinality(Nullable(String)),
  input_tokens Nullable(UInt64),
  cached_input_tokens Nullable(UInt64),
  cache_write_tokens Nullable(UInt64),
  output_tokens Nullable(UInt64),
  reasoning_tokens Nullable(UInt64),
  cost_usd Nullable(Decimal(38, 12)),
  bound_low_usd Nullable(Decimal(38, 12)),
  bound_high_usd Nullable(Decimal(38, 12)),
  cache_saved_usd Nullable(Decimal(38, 12)),
  cut_tokens Nullable(UInt64),
  cut_saved_usd Nullable(Decimal(38, 12)),
  duration_ms Nullable(Int64),
  first_token_ms Nullable(UInt32)
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(hour)
ORDER BY (hour, call_id);

CREATE MATERIALIZED VIEW IF NOT EXISTS calls_to_facts TO call_facts AS
WITH ifNull(outcome, '') IN ('rate_limited', 'overloaded', 'bad_request', 'unauthorized', 'not_found') AS turned_away
SELECT
  toStartOfHour(started_at) AS hour, call_id, version, deadline_at,
  client_id, feature, harness, harness_version, provider, model, outcome,
  multiIf(
    purpose IS NOT NULL, purpose,
    hedge_of IS NOT NULL, 'hedge',
    attempt > 1, 'repair',
    tier > 0, 'fallback',
    call_no > 1, 'retry',
    'first'
  ) AS spent_for,
  cut_strategy,
  input_tokens, cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens,
  cost_usd,
  multiIf(
    cost_usd IS NOT NULL, cost_usd,
    turned_away OR ifNull(outcome, '') = 'connection', CAST(0, 'Nullable(Decimal(38, 12))'),
    cost_low_usd
  ) AS bound_low_usd,
  multiIf(
    ifNull(usage_source, '') = 'estimated' AND cost_usd > 0 AND NOT turned_away,
    greatest(cost_usd, ifNull(cost_high_usd, cost_usd)),
    cost_usd IS NOT NULL, cost_usd,
    turned_away, CAST(0, 'Nullable(Decimal(38, 12))'),
    cost_high_usd
  ) AS bound_high_usd,
  uncached_cost_usd - cost_usd AS cache_saved_usd,
  cut_tokens, cut_saved_usd, duration_ms, first_token_ms
FROM calls;

-- What was there before, a month of any year at a time: each takes seconds for millions of rows.
CREATE OR REPLACE VIEW calls_as_facts AS
WITH ifNull(outcome, '') IN ('rate_limited', 'overloaded', 'bad_request', 'unauthorized', 'not_found') AS turned_away
SELECT
  toStartOfHour(started_at) AS hour, call_id, version, deadline_at,
  client_id, feature, harness, harness_version, provider, model, outcome,
  multiIf(
    purpose IS NOT NULL, purpose,
    hedge_of IS NOT NULL, 'hedge',
    attempt > 1, 'repair',
    tier > 0, 'fallback',
    call_no > 1, 'retry',
    'first'
  ) AS spent_for,
  cut_strategy,
  input_tokens, cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens,
  cost_usd,
  multiIf(
    cost_usd IS NOT NULL, cost_usd,
    turned_away OR ifNull(outcome, '') = 'connection', CAST(0, 'Nullable(Decimal(38, 12))'),
    cost_low_usd
  ) AS bound_low_usd,
  multiIf(
    ifNull(usage_source, '') = 'estimated' AND cost_usd > 0 AND NOT turned_away,
    greatest(cost_usd, ifNull(cost_high_usd, cost_usd)),
    cost_usd IS NOT NULL, cost_usd,
    turned_away, CAST(0, 'Nullable(Decimal(38, 12))'),
    cost_high_usd
  ) AS bound_high_usd,
  uncached_cost_usd - cost_usd AS cache_saved_usd,
  cut_tokens, cut_saved_usd, duration_ms, first_token_ms
FROM calls;

INSERT INTO call_facts SELECT * FROM calls_as_facts WHERE toMonth(hour) = 1;
INSERT INTO call_facts SELECT * FROM calls_as_facts WHERE toMonth(hour) = 2;
INSERT INTO call_facts SELECT * FROM calls_as_facts WHERE toMonth(hour) = 3;
INSERT INTO call_facts SELECT * FROM calls_as_facts WHERE toMonth(hour) = 4;
INSERT INTO call_facts SELECT * FROM calls_as_facts WHERE toMonth(hour) = 5;
INSERT INTO call_facts SELECT * FROM calls_as_facts WHERE toMonth(hour) = 6;
INSERT INTO call_facts SELECT * FROM calls_as_facts WHERE toMonth(hour) = 7;
INSERT INTO call_facts SELECT * FROM calls_as_facts WHERE toMonth(hour) = 8;
INSERT INTO call_facts SELECT * FROM calls_as_facts WHERE toMonth(hour) = 9;
INSERT INTO call_facts SELECT * FROM calls_as_facts WHERE toMonth(hour) = 10;
INSERT INTO call_facts SELECT * FROM calls_as_facts WHERE toMonth(hour) = 11;
INSERT INTO call_facts SELECT * FROM calls_as_facts WHERE toMonth(hour) = 12;

-- As it was, of the rows in the order of time.
CREATE OR REPLACE VIEW call_measures AS
SELECT
  toDate(hour) AS started_on, hour, client_id, feature, harness, harness_version, provider, model,
  multiIf(version = 3, 'finished', now64(3, 'UTC') > deadline_at + toIntervalSecond(60), 'orphan', 'in_flight') AS state,
  outcome, spent_for, cut_strategy,
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
FROM call_facts FINAL;

-- Most records that stand in two hours stand in two that follow each other. So it is asked
-- at once of the touched hours and those beside them which hours share a record and which
-- rows are replaced; of an hour that lies further off, and is open for what it shares, alone.
CREATE OR REPLACE VIEW runs_state AS
WITH
  (SELECT groupArray(period) FROM period_builds WHERE kind = 'runs' AND grain = 'hour' AND NOT in_force) AS touched,
  arrayDistinct(arrayFlatten(arrayMap(hour -> [hour, hour - 3600, hour + 3600], touched))) AS near,
  (
    SELECT (groupArrayArrayIf(hours, arrayExists(hour -> hour IN touched, hours)), groupArrayArray(lost))
    FROM (
      SELECT
        groupUniqArray(hour) AS hours,
        argMax(hour, version) AS kept,
        arrayMap(other -> (id, event, other), arrayFilter(other -> other != kept, hours)) AS lost
      FROM fact_hours
      WHERE kind = 'runs' AND id IN (SELECT id FROM run_facts WHERE hour IN near)
      GROUP BY id, event
      HAVING length(hours) > 1
    )
  ) AS of_near,
  arrayFilter(hour -> NOT has(near, hour), arrayDistinct(of_near.1)) AS far,
  (
    SELECT groupArrayArray(lost)
    FROM (
      SELECT
        groupUniqArray(hour) AS hours,
        argMax(hour, version) AS kept,
        arrayMap(other -> (id, event, other), arrayFilter(other -> other != kept, hours)) AS lost
      FROM fact_hours
      WHERE kind = 'runs' AND id IN (SELECT id FROM run_facts WHERE hour IN far)
      GROUP BY id, event
      HAVING length(hours) > 1
    )
  ) AS lost_far,
  arrayDistinct(arrayConcat(touched, of_near.1)) AS open,
  arrayDistinct(arrayMap(hour -> toDate(hour), open)) AS days
SELECT CAST(
  (
    groupArrayIf(build, grain = 'hour' AND period NOT IN open),
    open,
    groupArrayIf(build, grain = 'day' AND in_force AND toDate(period) NOT IN days),
    groupArrayIf(toDate(period), grain = 'day' AND NOT (in_force AND toDate(period) NOT IN days)),
    arrayConcat(of_near.2, lost_far)
  ),
  'Tuple(hour_builds Array(UInt64), open_hours Array(DateTime(\'UTC\')), day_builds Array(UInt64), open_days Array(Date), replaced Array(Tuple(FixedString(16), UInt64, DateTime(\'UTC\'))))'
) AS state
FROM period_builds
WHERE kind = 'runs';

CREATE OR REPLACE VIEW audit_state AS
WITH
  (SELECT groupArray(period) FROM period_builds WHERE kind = 'audit' AND grain = 'hour' AND NOT in_force) AS touched,
  arrayDistinct(arrayFlatten(arrayMap(hour -> [hour, hour - 3600, hour + 3600], touched))) AS near,
  (
    SELECT (groupArrayArrayIf(hours, arrayExists(hour -> hour IN touched, hours)), groupArrayArray(lost))
    FROM (
      SELECT
        groupUniqArray(hour) AS hours,
        argMax(hour, version) AS kept,
        arrayMap(other -> (id, event, other), arrayFilter(other -> other != kept, hours)) AS lost
      FROM fact_hours
      WHERE kind = 'audit' AND id IN (SELECT id FROM audit_facts WHERE hour IN near)
      GROUP BY id, event
      HAVING length(hours) > 1
    )
  ) AS of_near,
  arrayFilter(hour -> NOT has(near, hour), arrayDistinct(of_near.1)) AS far,
  (
    SELECT groupArrayArray(lost)
    FROM (
      SELECT
        groupUniqArray(hour) AS hours,
        argMax(hour, version) AS kept,
        arrayMap(other -> (id, event, other), arrayFilter(other -> other != kept, hours)) AS lost
      FROM fact_hours
      WHERE kind = 'audit' AND id IN (SELECT id FROM audit_facts WHERE hour IN far)
      GROUP BY id, event
      HAVING length(hours) > 1
    )
  ) AS lost_far,
  arrayDistinct(arrayConcat(touched, of_near.1)) AS open,
  arrayDistinct(arrayMap(hour -> toDate(hour), open)) AS days
SELECT CAST(
  (
    groupArrayIf(build, grain = 'hour' AND period NOT IN open),
    open,
    groupArrayIf(build, grain = 'day' AND in_force AND toDate(period) NOT IN days),
    groupArrayIf(toDate(period), grain = 'day' AND NOT (in_force AND toDate(period) NOT IN days)),
    arrayConcat(of_near.2, lost_far)
  ),
  'Tuple(hour_builds Array(UInt64), open_hours Array(DateTime(\'UTC\')), day_builds Array(UInt64), open_days Array(Date), replaced Array(Tuple(FixedString(16), UInt64, DateTime(\'UTC\'))))'
) AS state
FROM period_builds
WHERE kind = 'audit';
