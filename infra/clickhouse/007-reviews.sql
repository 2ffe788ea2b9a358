-- What was held for a person, and every decision about it, those included that
-- came too late: a run's result says which one counted. Holds no content.
CREATE TABLE IF NOT EXISTS reviews (
  run_id UUID,
  event_id String COMMENT 'held, escalated, or the id of the decision',
  version UInt64 COMMENT '2^63 - source_offset',
  event LowCardinality(String) COMMENT 'held, escalated, decided',
  at DateTime64(3, 'UTC'),
  decision LowCardinality(Nullable(String)) COMMENT 'approve, edit, reject, timed_out, cancelled',
  reviewer LowCardinality(Nullable(String)),
  reason Nullable(String) COMMENT 'In the words of who decided',
  attempt Nullable(UInt8) COMMENT 'This and what follows is known of what was held alone',
  client_id LowCardinality(Nullable(String)),
  feature LowCardinality(Nullable(String)),
  harness LowCardinality(Nullable(String)),
  harness_version LowCardinality(Nullable(String)),
  batch_id LowCardinality(Nullable(String)),
  document Nullable(String),
  due_at Nullable(DateTime64(3, 'UTC')),
  on_timeout LowCardinality(Nullable(String)),
  reason_codes Array(LowCardinality(String)) COMMENT 'Why it was held',
  source_partition UInt32,
  source_offset UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (run_id, event_id);

CREATE OR REPLACE VIEW review_events AS
SELECT * EXCEPT (version) FROM reviews FINAL;
