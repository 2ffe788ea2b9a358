-- Every decision of every stage. A repeat has the same event_id; the first by
-- offset stays. Holds no content.
CREATE TABLE IF NOT EXISTS audit (
  run_id UUID,
  event_id String,
  version UInt64 COMMENT '2^63 - source_offset',
  stage LowCardinality(String),
  attempt UInt8 COMMENT '0 before the first attempt',
  decision LowCardinality(String),
  decided_at DateTime64(3, 'UTC'),
  client_id LowCardinality(Nullable(String)),
  feature LowCardinality(Nullable(String)),
  harness LowCardinality(Nullable(String)),
  harness_version LowCardinality(Nullable(String)),
  batch_id LowCardinality(Nullable(String)),
  document Nullable(String),
  policy LowCardinality(Nullable(String)),
  guard_names Array(LowCardinality(String)),
  guard_verdicts Array(LowCardinality(String)) COMMENT 'Beside guard_names',
  finding_rules Array(String) COMMENT 'Rules of all findings',
  guards String COMMENT 'JSON: the guards'' reports whole',
  reason_codes Array(LowCardinality(String)),
  reasons String COMMENT 'JSON: the reasons whole',
  source_partition UInt32,
  source_offset UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (run_id, event_id);
