-- What analysts read. Never sum the tables beside these: they hold replaced rows.

-- One row a call. An orphan is a call whose end nobody saw, a minute past its
-- deadline: derived when read, so a late finish corrects it.
-- A known cost bounds itself. A call that the provider turned away is not
-- billed; one that never reached it may not be; any other unknown lies between
-- the bounds stamped before it left.
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

CREATE OR REPLACE VIEW run_results AS
SELECT * EXCEPT (version) FROM runs FINAL;

CREATE OR REPLACE VIEW decisions AS
SELECT * EXCEPT (version) FROM audit FINAL;

-- The bill by day. `count_with_cost` says how many of the calls the sum covers;
-- what the others cost lies between the bounds.
CREATE OR REPLACE VIEW costs_daily AS
SELECT
  day,
  client_id,
  feature,
  harness,
  harness_version,
  provider,
  model,
  count() AS calls,
  uniqExact(run_id) AS runs,
  countIf(state = 'finished' AND outcome != 'ok') AS failed_calls,
  countIf(state = 'in_flight') AS in_flight,
  countIf(state = 'orphan') AS orphans,
  countIf(cost_usd IS NOT NULL) AS count_with_cost,
  sum(input_tokens) AS sum_input_tokens,
  sum(cached_input_tokens) AS sum_cached_input_tokens,
  sum(cache_write_tokens) AS sum_cache_write_tokens,
  sum(output_tokens) AS sum_output_tokens,
  sum(reasoning_tokens) AS sum_reasoning_tokens,
  sum(cost_usd) AS sum_cost_usd,
  sum(bound_low_usd) AS sum_bound_low_usd,
  sum(bound_high_usd) AS sum_bound_high_usd,
  countIf(bound_high_usd IS NULL) AS unbounded_calls
FROM ledger
GROUP BY day, client_id, feature, harness, harness_version, provider, model;
