-- What a call was made for, where it asked for no answer. The view is made
-- again: it lists the columns that the table had when it was made.
ALTER TABLE calls
  ADD COLUMN IF NOT EXISTS purpose LowCardinality(Nullable(String))
  COMMENT 'moderation: output-validate asked what a provider says of the answer; NULL for all others'
  AFTER hedge_of;

CREATE OR REPLACE VIEW ledger AS
SELECT
  * EXCEPT (version),
  multiIf(version = 3, 'finished', now64(3, 'UTC') > deadline_at + toIntervalSecond(60), 'orphan', 'in_flight') AS state,
  CAST(ifNull(outcome, '') IN ('rate_limited', 'overloaded', 'bad_request', 'unauthorized', 'not_found'), 'Bool') AS turned_away,
  CAST(hedge_of IS NOT NULL, 'Bool') AS hedge,
  toDate(started_at) AS day,
  multiIf(
    cost_usd IS NOT NULL, cost_usd,
    turned_away OR ifNull(outcome, '') = 'connection', CAST(0, 'Nullable(Decimal(38, 12))'),
    cost_low_usd
  ) AS bound_low_usd,
  multiIf(
    ifNull(usage_source, '') = 'estimated' AND cost_usd > 0 AND NOT turned_away,
    greatest(cost_usd, ifNull(cost_high_usd, cost_usd)),
    cost_usd IS NOT NULL, cost_usd,
    turned_away, CAST(0, 'Nullable(Decimal(38, 12))'),
    cost_high_usd
  ) AS bound_high_usd,
  if(state = 'orphan', cost_low_usd, NULL) AS orphan_low_usd,
  if(state = 'orphan', cost_high_usd, NULL) AS orphan_high_usd
FROM calls FINAL;
