-- What the audit holds beside decisions: calls, changes by operators. A repeat has
-- the same event_id; the first by offset stays. Holds no content.
CREATE TABLE IF NOT EXISTS audit_events (
  kind LowCardinality(String) COMMENT 'call, change ...',
  event_id String,
  at DateTime64(3, 'UTC'),
  version UInt64 COMMENT '2^63 - source_offset',
  by_kind LowCardinality(Nullable(String)) COMMENT 'user, api_key; of a call, worker',
  by_id Nullable(String) COMMENT 'The user''s name, the key''s id, the process',
  action LowCardinality(String) COMMENT 'harness.applied, key.revoked ...; called, moderated',
  target String COMMENT 'What was changed, or provider/model',
  target_version Nullable(String) COMMENT 'Of what is in force since; of a call, harness@version',
  previous_version Nullable(String),
  run_id Nullable(UUID),
  client_id LowCardinality(Nullable(String)),
  outcome LowCardinality(Nullable(String)) COMMENT 'Of a call',
  why Nullable(String) COMMENT 'The operator''s words',
  input_hmac Nullable(String),
  output_hmac Nullable(String),
  source_partition UInt32,
  source_offset UInt64,
  INDEX by_run run_id TYPE bloom_filter GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (kind, at, event_id);
