-- Sums by hour and day, made from deduplicated rows and never added to: what is
-- inserted notes which hours it touches, and those are read from the rows until
-- they have been built anew. The tables here are for the views of the next file.
-- Times of touches and builds are by this server's clock.
CREATE TABLE IF NOT EXISTS touched_hours (
  kind LowCardinality(String) COMMENT 'spend (calls), runs or audit',
  hour DateTime('UTC'),
  at SimpleAggregateFunction(max, DateTime64(6, 'UTC')) COMMENT 'When a row of that hour was last inserted'
)
ENGINE = AggregatingMergeTree
ORDER BY (kind, hour);

CREATE TABLE IF NOT EXISTS builds (
  kind LowCardinality(String),
  grain LowCardinality(String) COMMENT 'hour or day',
  period DateTime('UTC') COMMENT 'Start of the hour or day',
  build UInt64 COMMENT 'Of this period alone. Unix seconds of its start, then what tells it from others',
  covers DateTime64(6, 'UTC') COMMENT 'Every row that was inserted before then is in it'
)
ENGINE = MergeTree
ORDER BY (kind, grain, period);

CREATE TABLE IF NOT EXISTS kept_days (
  kind LowCardinality(String),
  days UInt32 COMMENT 'Rows are deleted when they are older; 0: never',
  set_at DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC')
)
ENGINE = ReplacingMergeTree(set_at)
ORDER BY kind;

-- What is counted of runs and of decisions, in the order of time: the tables
-- themselves are in the order of run ids. `id` is the run's id as bytes, so that
-- the ids of one time (UUIDv7) lie together.
CREATE TABLE IF NOT EXISTS run_facts (
  hour DateTime('UTC'),
  id FixedString(16),
  event UInt64 COMMENT 'Always 0',
  version UInt64,
  client_id LowCardinality(Nullable(String)),
  feature LowCardinality(Nullable(String)),
  harness LowCardinality(Nullable(String)),
  harness_version LowCardinality(Nullable(String)),
  status LowCardinality(String),
  decided_by LowCardinality(String),
  reason LowCardinality(Nullable(String)),
  attempts UInt8,
  calls UInt32,
  input_tokens UInt64,
  output_tokens UInt64,
  cost_usd Nullable(Decimal(38, 12)),
  unpriced_calls UInt32,
  duration_ms Int64
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(hour)
ORDER BY (hour, id, event);

CREATE TABLE IF NOT EXISTS audit_facts (
  hour DateTime('UTC'),
  id FixedString(16),
  event UInt64 COMMENT 'Hash of event_id',
  version UInt64,
  client_id LowCardinality(Nullable(String)),
  feature LowCardinality(Nullable(String)),
  harness LowCardinality(Nullable(String)),
  harness_version LowCardinality(Nullable(String)),
  stage LowCardinality(String),
  decision LowCardinality(String),
  reason LowCardinality(Nullable(String)),
  cut_strategy LowCardinality(Nullable(String)),
  spared_tokens Nullable(UInt64),
  spared_usd Nullable(Decimal(38, 12)),
  counted Array(Tuple(guard LowCardinality(String), verdict LowCardinality(String), rule Nullable(String)))
    COMMENT 'One for each guard''s verdict, and one for each rule that found something'
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(hour)
ORDER BY (hour, id, event);

-- A record that was written twice may stand in two hours: this finds the other one.
CREATE TABLE IF NOT EXISTS fact_hours (
  kind LowCardinality(String),
  id FixedString(16),
  event UInt64,
  hour DateTime('UTC'),
  version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (kind, id, event, hour)
SETTINGS index_granularity = 256;

CREATE TABLE IF NOT EXISTS spend_hours (
  build UInt64 COMMENT 'Only rows of the builds in force count; see period_builds',
  hour DateTime('UTC'),
  client_id LowCardinality(String),
  feature LowCardinality(Nullable(String)),
  harness LowCardinality(String),
  harness_version LowCardinality(String),
  provider LowCardinality(String),
  model LowCardinality(String),
  state LowCardinality(String),
  outcome LowCardinality(Nullable(String)),
  purpose LowCardinality(String),
  cut_strategy LowCardinality(Nullable(String)),
  calls UInt64,
  calls_with_usage UInt64,
  input_tokens UInt64,
  calls_with_cache UInt64,
  cached_input_tokens UInt64,
  cache_write_tokens UInt64,
  output_tokens UInt64,
  reasoning_tokens UInt64,
  calls_with_cost UInt64,
  cost_usd Nullable(Decimal(38, 12)),
  bound_low_usd Nullable(Decimal(38, 12)),
  bound_high_usd Nullable(Decimal(38, 12)),
  unbounded_calls UInt64,
  cache_saved_usd Nullable(Decimal(38, 12)),
  cut_tokens UInt64,
  cut_saved_usd Nullable(Decimal(38, 12)),
  duration_ms Map(UInt64, UInt64),
  first_token_ms Map(UInt64, UInt64)
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (hour, build);

CREATE TABLE IF NOT EXISTS spend_days (
  build UInt64 COMMENT 'Only rows of the builds in force count; see period_builds',
  day Date,
  client_id LowCardinality(String),
  feature LowCardinality(Nullable(String)),
  harness LowCardinality(String),
  harness_version LowCardinality(String),
  provider LowCardinality(String),
  model LowCardinality(String),
  state LowCardinality(String),
  outcome LowCardinality(Nullable(String)),
  purpose LowCardinality(String),
  cut_strategy LowCardinality(Nullable(String)),
  calls UInt64,
  calls_with_usage UInt64,
  input_tokens UInt64,
  calls_with_cache UInt64,
  cached_input_tokens UInt64,
  cache_write_tokens UInt64,
  output_tokens UInt64,
  reasoning_tokens UInt64,
  calls_with_cost UInt64,
  cost_usd Nullable(Decimal(38, 12)),
  bound_low_usd Nullable(Decimal(38, 12)),
  bound_high_usd Nullable(Decimal(38, 12)),
  unbounded_calls UInt64,
  cache_saved_usd Nullable(Decimal(38, 12)),
  cut_tokens UInt64,
  cut_saved_usd Nullable(Decimal(38, 12)),
  duration_ms Map(UInt64, UInt64),
  first_token_ms Map(UInt64, UInt64)
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (day, build);

CREATE TABLE IF NOT EXISTS run_hours (
  build UInt64 COMMENT 'Only rows of the builds in force count; see period_builds',
  hour DateTime('UTC'),
  client_id LowCardinality(Nullable(String)),
  feature LowCardinality(Nullable(String)),
  harness LowCardinality(Nullable(String)),
  harness_version LowCardinality(Nullable(String)),
  status LowCardinality(String),
  decided_by LowCardinality(String),
  reason LowCardinality(Nullable(String)),
  runs UInt64,
  attempts UInt64,
  calls UInt64,
  input_tokens UInt64,
  output_tokens UInt64,
  runs_with_cost UInt64,
  cost_usd Nullable(Decimal(38, 12)),
  unpriced_calls UInt64,
  runs_without_call UInt64,
  duration_ms Map(UInt64, UInt64)
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (hour, build);

CREATE TABLE IF NOT EXISTS run_days (
  build UInt64 COMMENT 'Only rows of the builds in force count; see period_builds',
  day Date,
  client_id LowCardinality(Nullable(String)),
  feature LowCardinality(Nullable(String)),
  harness LowCardinality(Nullable(String)),
  harness_version LowCardinality(Nullable(String)),
  status LowCardinality(String),
  decided_by LowCardinality(String),
  reason LowCardinality(Nullable(String)),
  runs UInt64,
  attempts UInt64,
  calls UInt64,
  input_tokens UInt64,
  output_tokens UInt64,
  runs_with_cost UInt64,
  cost_usd Nullable(Decimal(38, 12)),
  unpriced_calls UInt64,
  runs_without_call UInt64,
  duration_ms Map(UInt64, UInt64)
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (day, build);

CREATE TABLE IF NOT EXISTS guard_hours (
  build UInt64 COMMENT 'Only rows of the builds in force count; see period_builds',
  hour DateTime('UTC'),
  client_id LowCardinality(Nullable(String)),
  feature LowCardinality(Nullable(String)),
  harness LowCardinality(Nullable(String)),
  harness_version LowCardinality(Nullable(String)),
  stage LowCardinality(String),
  guard LowCardinality(String),
  verdict LowCardinality(String),
  rule LowCardinality(Nullable(String)),
  reports UInt64,
  findings UInt64
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (hour, build);

CREATE TABLE IF NOT EXISTS guard_days (
  build UInt64 COMMENT 'Only rows of the builds in force count; see period_builds',
  day Date,
  client_id LowCardinality(Nullable(String)),
  feature LowCardinality(Nullable(String)),
  harness LowCardinality(Nullable(String)),
  harness_version LowCardinality(Nullable(String)),
  stage LowCardinality(String),
  guard LowCardinality(String),
  verdict LowCardinality(String),
  rule LowCardinality(Nullable(String)),
  reports UInt64,
  findings UInt64
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (day, build);

CREATE TABLE IF NOT EXISTS decision_hours (
  build UInt64 COMMENT 'Only rows of the builds in force count; see period_builds',
  hour DateTime('UTC'),
  client_id LowCardinality(Nullable(String)),
  feature LowCardinality(Nullable(String)),
  harness LowCardinality(Nullable(String)),
  harness_version LowCardinality(Nullable(String)),
  stage LowCardinality(String),
  decision LowCardinality(String),
  reason LowCardinality(Nullable(String)),
  cut_strategy LowCardinality(Nullable(String)),
  decisions UInt64,
  spared_tokens UInt64,
  spared_usd Nullable(Decimal(38, 12))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (hour, build);

CREATE TABLE IF NOT EXISTS decision_days (
  build UInt64 COMMENT 'Only rows of the builds in force count; see period_builds',
  day Date,
  client_id LowCardinality(Nullable(String)),
  feature LowCardinality(Nullable(String)),
  harness LowCardinality(Nullable(String)),
  harness_version LowCardinality(Nullable(String)),
  stage LowCardinality(String),
  decision LowCardinality(String),
  reason LowCardinality(Nullable(String)),
  cut_strategy LowCardinality(Nullable(String)),
  decisions UInt64,
  spared_tokens UInt64,
  spared_usd Nullable(Decimal(38, 12))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (day, build);

CREATE MATERIALIZED VIEW IF NOT EXISTS runs_to_facts TO run_facts AS
SELECT
  toStartOfHour(received_at) AS hour, UUIDStringToNum(toString(run_id)) AS id, toUInt64(0) AS event, version,
  client_id, feature, harness, harness_version, status, decided_by,
  if(empty(reason_codes), NULL, reason_codes[1]) AS reason,
  attempts, calls, input_tokens, output_tokens, cost_usd, unpriced_calls, duration_ms
FROM runs;

CREATE MATERIALIZED VIEW IF NOT EXISTS audit_to_facts TO audit_facts AS
SELECT
  toStartOfHour(decided_at) AS hour, UUIDStringToNum(toString(run_id)) AS id, sipHash64(event_id) AS event, version,
  client_id, feature, harness, harness_version, stage, decision,
  if(empty(reason_codes), NULL, reason_codes[1]) AS reason,
  cut_strategy, spared_tokens, spared_usd,
  -- A version in shadow decides nothing: what its guards say counts nowhere.
  if(startsWith(decision, 'shadow_'), [], arrayConcat(
    arrayMap((guard, verdict) -> (CAST(guard, 'String'), CAST(verdict, 'String'), CAST(NULL, 'Nullable(String)')), guard_names, guard_verdicts),
    arrayMap(
      found -> (found.1, if(has(guard_names, found.1), CAST(guard_verdicts[indexOf(guard_names, found.1)], 'String'), ''), CAST(found.2, 'Nullable(String)')),
      arrayDistinct(arrayMap((guard, rule) -> (CAST(guard, 'String'), rule), finding_guards, finding_rules))
    )
  )) AS counted
FROM audit;

CREATE MATERIALIZED VIEW IF NOT EXISTS run_facts_to_hours TO fact_hours AS
SELECT 'runs' AS kind, id, event, hour, version FROM run_facts;

CREATE MATERIALIZED VIEW IF NOT EXISTS audit_facts_to_hours TO fact_hours AS
SELECT 'audit' AS kind, id, event, hour, version FROM audit_facts;

CREATE MATERIALIZED VIEW IF NOT EXISTS calls_to_touched TO touched_hours AS
SELECT 'spend' AS kind, toStartOfHour(started_at) AS hour, max(now64(6, 'UTC')) AS at FROM calls GROUP BY hour;

CREATE MATERIALIZED VIEW IF NOT EXISTS run_facts_to_touched TO touched_hours AS
SELECT 'runs' AS kind, hour, max(now64(6, 'UTC')) AS at FROM run_facts GROUP BY hour;

CREATE MATERIALIZED VIEW IF NOT EXISTS audit_facts_to_touched TO touched_hours AS
SELECT 'audit' AS kind, hour, max(now64(6, 'UTC')) AS at FROM audit_facts GROUP BY hour;

-- What was there before. Again, it changes nothing but the touches' times.
INSERT INTO touched_hours SELECT 'spend', toStartOfHour(started_at) AS hour, max(now64(6, 'UTC')) FROM calls GROUP BY hour;

INSERT INTO run_facts
SELECT
  toStartOfHour(received_at) AS hour, UUIDStringToNum(toString(run_id)) AS id, toUInt64(0) AS event, version,
  client_id, feature, harness, harness_version, status, decided_by,
  if(empty(reason_codes), NULL, reason_codes[1]) AS reason,
  attempts, calls, input_tokens, output_tokens, cost_usd, unpriced_calls, duration_ms
FROM runs;

INSERT INTO audit_facts
SELECT
  toStartOfHour(decided_at) AS hour, UUIDStringToNum(toString(run_id)) AS id, sipHash64(event_id) AS event, version,
  client_id, feature, harness, harness_version, stage, decision,
  if(empty(reason_codes), NULL, reason_codes[1]) AS reason,
  cut_strategy, spared_tokens, spared_usd,
  -- A version in shadow decides nothing: what its guards say counts nowhere.
  if(startsWith(decision, 'shadow_'), [], arrayConcat(
    arrayMap((guard, verdict) -> (CAST(guard, 'String'), CAST(verdict, 'String'), CAST(NULL, 'Nullable(String)')), guard_names, guard_verdicts),
    arrayMap(
      found -> (found.1, if(has(guard_names, found.1), CAST(guard_verdicts[indexOf(guard_names, found.1)], 'String'), ''), CAST(found.2, 'Nullable(String)')),
      arrayDistinct(arrayMap((guard, rule) -> (CAST(guard, 'String'), rule), finding_guards, finding_rules))
    )
  )) AS counted
FROM audit;
