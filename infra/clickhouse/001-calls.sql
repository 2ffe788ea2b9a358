-- Every provider call that was announced: one row when it starts, replaced by
-- one when it ends. The key is made of what both rows share and nothing ever
-- changes, so reading the journal again, in any batches, changes nothing.
-- `version` is the state's rank (1 started, 3 finished), never a clock.
-- Unknown is NULL, never 0. Times are UTC. Money is decimal.
CREATE TABLE IF NOT EXISTS calls (
  call_id UUID COMMENT 'One HTTP request to a provider',
  version UInt8 COMMENT '1 started, 3 finished; the highest is the call''s row',
  run_id UUID,
  attempt UInt8,
  call_no UInt32 COMMENT '1 for the first call of the attempt',
  tier UInt32 COMMENT 'Index into the harness''s model chain',
  client_id LowCardinality(String) COMMENT 'Who pays',
  feature LowCardinality(Nullable(String)),
  harness LowCardinality(String),
  harness_version LowCardinality(String),
  batch_id LowCardinality(Nullable(String)),
  document Nullable(String) COMMENT 'Name of the document in its batch',
  replay_of Nullable(String) COMMENT 'Dead letter that this run replays: topic/partition/offset#replay',
  provider LowCardinality(String),
  model LowCardinality(String) COMMENT 'Asked for',
  served_model LowCardinality(Nullable(String)) COMMENT 'Answered; the price is of this one where it has one',
  worker LowCardinality(String) COMMENT 'Process that called',
  input_tokens_estimate UInt64,
  max_output_tokens UInt64,
  input_tokens Nullable(UInt64) COMMENT 'Neither read from nor written to the cache',
  cached_input_tokens Nullable(UInt64),
  cache_write_tokens Nullable(UInt64),
  output_tokens Nullable(UInt64) COMMENT 'Without reasoning',
  reasoning_tokens Nullable(UInt64),
  usage_source LowCardinality(Nullable(String)) COMMENT 'provider, estimated or unknown; NULL until finished',
  price_version LowCardinality(String),
  cost_usd Nullable(Decimal(38, 12)),
  cost_low_usd Nullable(Decimal(38, 12)) COMMENT 'If the request was sent and nothing came back',
  cost_high_usd Nullable(Decimal(38, 12)) COMMENT 'If every permitted output token was produced',
  outcome LowCardinality(Nullable(String)) COMMENT 'ok or what went wrong; NULL until finished',
  error_code LowCardinality(Nullable(String)),
  error_status Nullable(UInt16),
  finish_reason LowCardinality(Nullable(String)),
  provider_request_id Nullable(String),
  settles Nullable(Bool) COMMENT 'Whether this finish ended the attempt',
  started_at DateTime64(3, 'UTC'),
  deadline_at DateTime64(3, 'UTC') COMMENT 'The call is over by then, one way or another',
  finished_at Nullable(DateTime64(3, 'UTC')),
  duration_ms Nullable(Int64),
  source_topic LowCardinality(String),
  source_partition UInt32,
  source_offset UInt64,
  INDEX by_run run_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(started_at)
ORDER BY (client_id, toDate(started_at), call_id);
