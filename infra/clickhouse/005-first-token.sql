-- How long a call's first token took. The view is made again: it lists the
-- columns that the table had when it was made.
ALTER TABLE calls
  ADD COLUMN IF NOT EXISTS first_token_ms Nullable(UInt32)
  COMMENT 'From the request''s leaving to its first token; to the first byte of an answer that was not streamed'
  AFTER finish_reason;

CREATE OR REPLACE VIEW ledger AS
SELECT
  * EXCEPT (version),
  multiIf(version = 3, 'finished', now64(3, 'UTC') > deadline_at + toIntervalSecond(60), 'orphan', 'in_flight') AS state,
  CAST(ifNull(outcome, '') IN ('rate_limited', 'overloaded', 'bad_request', 'unauthorized', 'not_found'), 'Bool') AS turned_away,
  toDate(started_at) AS day,
  multiIf(
    cost_usd IS NOT NULL, cost_usd,
    turned_away OR ifNull(outcome, '') = 'connection', CAST(0, 'Nullable(Decimal(38, 12))'),
    cost_low_usd
  ) AS bound_low_usd,
  multiIf(cost_usd IS NOT NULL, cost_usd, turned_away, CAST(0, 'Nullable(Decimal(38, 12))'), cost_high_usd) AS bound_high_usd,
  if(state = 'orphan', cost_low_usd, NULL) AS orphan_low_usd,
  if(state = 'orphan', cost_high_usd, NULL) AS orphan_high_usd
FROM calls FINAL;
