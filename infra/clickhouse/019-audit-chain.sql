-- The sealed audit, for reading ranges of it: the topic harness-audit-chain is
-- the source. The first link by offset of a sequence stays, as on the topic.
CREATE TABLE IF NOT EXISTS audit_links (
  partition UInt32,
  sequence UInt64 COMMENT '1 for the first of its partition, without a gap',
  version UInt64 COMMENT '2^63 - offset on harness-audit-chain',
  kind LowCardinality(String) COMMENT 'Of the record: decision, change ...',
  event_id String,
  run_id Nullable(UUID),
  client_id LowCardinality(Nullable(String)),
  decided_at DateTime64(3, 'UTC'),
  source_offset UInt64 COMMENT 'Where the record stands on harness-audit',
  record String COMMENT 'Canonical JSON: what record_sha256 is of',
  record_sha256 String,
  previous_hash String,
  hash String,
  INDEX by_run run_id TYPE bloom_filter GRANULARITY 1,
  INDEX by_time decided_at TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (partition, sequence);

CREATE TABLE IF NOT EXISTS audit_heads (
  partition UInt32,
  sequence UInt64 COMMENT 'Of the last link when it was signed',
  hash String,
  signed_at_ms UInt64,
  public_key String COMMENT 'Ed25519, base64url',
  signature String
)
ENGINE = ReplacingMergeTree
ORDER BY (partition, sequence, signature);
