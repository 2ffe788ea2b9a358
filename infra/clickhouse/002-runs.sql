-- The result of each run. The first terminal record by offset is the result,
-- whatever order the records are inserted in: `version` is 2^63 - offset, and
-- no time is in the key, since a later record has another.
-- The result itself is read from the topic, at result_partition and result_offset.
CREATE TABLE IF NOT EXISTS runs (
  run_id UUID,
  version UInt64 COMMENT '2^63 - result_offset',
  status LowCardinality(String),
  decided_by LowCardinality(String),
  client_id LowCardinality(Nullable(String)) COMMENT 'NULL when the request could not be read',
  feature LowCardinality(Nullable(String)),
  harness LowCardinality(Nullable(String)),
  harness_version LowCardinality(Nullable(String)),
  batch_id LowCardinality(Nullable(String)),
  document Nullable(String),
  replay_of Nullable(String),
  attempts UInt8,
  calls UInt32,
  input_tokens UInt64 COMMENT 'All input buckets together, as the run counted them',
  output_tokens UInt64 COMMENT 'With reasoning',
  cost_usd Nullable(Decimal(38, 12)),
  unpriced_calls UInt32,
  answered_provider LowCardinality(Nullable(String)),
  answered_model LowCardinality(Nullable(String)),
  reason_codes Array(LowCardinality(String)),
  reason_rules Array(String) COMMENT 'Beside reason_codes: the rule or keyword broken, or empty',
  reason_paths Array(String) COMMENT 'Beside reason_codes: JSON pointer, or empty',
  received_at DateTime64(3, 'UTC'),
  finished_at DateTime64(3, 'UTC'),
  duration_ms Int64,
  origin_topic LowCardinality(String),
  origin_partition UInt32,
  origin_offset UInt64,
  result_partition UInt32,
  result_offset UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY run_id;
