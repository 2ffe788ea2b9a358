-- What calls would have cost under other prices, as `prices reprice --write`
-- worked it out. Beside the ledger, never in it: the cost that was stamped on a
-- call stands. One row a call and repricing.
CREATE TABLE IF NOT EXISTS repricings (
  repricing_id UUID COMMENT 'One run of prices reprice --write',
  call_id UUID,
  repriced_at DateTime64(3, 'UTC') COMMENT 'When that run began',
  price_version LowCardinality(String) COMMENT 'Of the price that it took',
  cost_usd Nullable(Decimal(38, 12)) COMMENT 'Under it; NULL: unknown',
  stamped_price_version LowCardinality(String) COMMENT 'As the ledger had it',
  stamped_cost_usd Nullable(Decimal(38, 12)) COMMENT 'As the ledger had it'
)
ENGINE = ReplacingMergeTree
ORDER BY (repricing_id, call_id);

CREATE OR REPLACE VIEW repriced_calls (
  call_id UUID,
  run_id UUID,
  client_id LowCardinality(String) COMMENT 'Who pays',
  feature LowCardinality(Nullable(String)) COMMENT 'What the client used it for',
  harness LowCardinality(String) COMMENT 'Its name',
  provider LowCardinality(String) COMMENT 'Who was asked',
  model LowCardinality(String) COMMENT 'Asked for',
  day Date COMMENT 'The day on which the call started, UTC',
  cost_usd Nullable(Decimal(38, 12)) COMMENT 'Stamped when the call was made: the books',
  price_version LowCardinality(String) COMMENT 'Of the price it was stamped by',
  repriced_usd Nullable(Decimal(38, 12)) COMMENT 'By the latest repricing of the call; NULL: unknown',
  repriced_version LowCardinality(String) COMMENT 'Of the price that took',
  repricing_id UUID COMMENT 'Which repricing that was',
  repriced_at DateTime64(3, 'UTC') COMMENT 'And when'
) AS
SELECT
  l.call_id, l.run_id, l.client_id, l.feature, l.harness, l.provider, l.model, l.day, l.cost_usd, l.price_version,
  r.latest.2 AS repriced_usd, r.latest.3 AS repriced_version, r.latest.1 AS repricing_id, r.latest.4 AS repriced_at
FROM ledger AS l
INNER JOIN (
  SELECT call_id, argMax((repricing_id, cost_usd, price_version, repriced_at), (repriced_at, repricing_id)) AS latest
  FROM repricings
  GROUP BY call_id
) AS r ON l.call_id = r.call_id
COMMENT 'Calls that were repriced: the stamped cost and that of the latest repricing, side by side';
