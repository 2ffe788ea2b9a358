-- The rows of a batch are found without reading every call: the index names the granules,
-- and with them the clients and days that FINAL has to read.
ALTER TABLE calls ADD INDEX IF NOT EXISTS by_batch batch_id TYPE bloom_filter(0.01) GRANULARITY 1;

ALTER TABLE calls MATERIALIZE INDEX by_batch;
