-- What the stable views need beside what is there: what was cut from a prompt and
-- what that saved, and what the provider's cache saved; and which guard each
-- finding is of.
ALTER TABLE calls
  ADD COLUMN IF NOT EXISTS cut_strategy LowCardinality(Nullable(String))
    COMMENT 'head, tail or middle: what was kept of a prompt too long for this model; NULL: it was sent whole',
  ADD COLUMN IF NOT EXISTS cut_tokens Nullable(UInt64)
    COMMENT 'Input tokens that were cut from the prompt, estimated; NULL: none',
  ADD COLUMN IF NOT EXISTS cut_saved_usd Nullable(Decimal(38, 12))
    COMMENT 'Input price of the tokens cut; NULL: none were cut, or the price is unknown',
  ADD COLUMN IF NOT EXISTS uncached_cost_usd Nullable(Decimal(38, 12))
    COMMENT 'What the same tokens cost without the provider''s cache; NULL: unknown, or no cache took part';

ALTER TABLE audit
  ADD COLUMN IF NOT EXISTS cut_strategy LowCardinality(Nullable(String))
    COMMENT 'Of a judged answer: how the prompt that it answers was cut; NULL: it was sent whole',
  ADD COLUMN IF NOT EXISTS finding_guards Array(LowCardinality(String))
    DEFAULT arrayFlatten(arrayMap(
      report -> arrayMap(found -> JSONExtractString(report, 'guard'), JSONExtractArrayRaw(report, 'findings')),
      JSONExtractArrayRaw(guards)
    ))
    COMMENT 'Beside finding_rules: the guard that found it';

-- The views are made again: they list the columns that the tables had when they were made.
CREATE OR REPLACE VIEW ledger AS
SELECT
  * EXCEPT (version),
  multiIf(version = 3, 'finished', now64(3, 'UTC') > deadline_at + toIntervalSecond(60), 'orphan', 'in_flight') AS state,
  CAST(ifNull(outcome, '') IN ('rate_limited', 'overloaded', 'bad_request', 'unauthorized', 'not_found'), 'Bool') AS turned_away,
  CAST(hedge_of IS NOT NULL, 'Bool') AS hedge,
  -- The first that holds. A call of a later attempt asks again after an answer that broke its contract,
  -- whichever tier it asks.
  multiIf(
    purpose IS NOT NULL, purpose,
    hedge, 'hedge',
    attempt > 1, 'repair',
    tier > 0, 'fallback',
    call_no > 1, 'retry',
    'first'
  ) AS spent_for,
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
  if(state = 'orphan', cost_high_usd, NULL) AS orphan_high_usd,
  uncached_cost_usd - cost_usd AS cache_saved_usd
FROM calls FINAL;

CREATE OR REPLACE VIEW decisions AS
SELECT * EXCEPT (version) FROM audit FINAL;

-- One row a call, a result, a guard's verdict or finding, a decision, as the
-- views below add them up. Not for other readers: their columns may change.
--
-- A time taken lies in a bucket that is named by its upper bound in milliseconds:
-- 1 ms wide below 32 ms, above at most a sixteenth of where it begins.
CREATE OR REPLACE VIEW call_measures AS
SELECT
  toStartOfHour(started_at) AS hour, client_id, feature, harness, harness_version, provider, model, state, outcome,
  spent_for, cut_strategy,
  toUInt64(input_tokens IS NOT NULL) AS has_usage,
  ifNull(input_tokens, 0) AS input,
  ifNull(cached_input_tokens, 0) AS cached_input,
  ifNull(cache_write_tokens, 0) AS cache_write,
  ifNull(output_tokens, 0) AS output,
  ifNull(reasoning_tokens, 0) AS reasoning,
  cost_usd AS cost, bound_low_usd AS bound_low, bound_high_usd AS bound_high, cache_saved_usd AS cache_saved,
  ifNull(cut_tokens, 0) AS cut,
  cut_saved_usd AS cut_saved,
  toUInt64(duration_ms IS NOT NULL) AS has_duration,
  toUInt64(greatest(ifNull(duration_ms, 0), 0)) AS took_ms,
  bitOr(took_ms, intDiv(greatest(roundToExp2(took_ms), 16), 16) - 1) AS took_bucket,
  toUInt64(first_token_ms IS NOT NULL) AS has_first_token,
  toUInt64(ifNull(first_token_ms, 0)) AS first_ms,
  bitOr(first_ms, intDiv(greatest(roundToExp2(first_ms), 16), 16) - 1) AS first_bucket
FROM ledger;

CREATE OR REPLACE VIEW run_measures AS
SELECT
  toStartOfHour(received_at) AS hour, client_id, feature, harness, harness_version, status, decided_by,
  if(empty(reason_codes), NULL, reason_codes[1]) AS reason,
  attempts AS tries, calls AS made, input_tokens AS input, output_tokens AS output,
  cost_usd AS cost, unpriced_calls AS unpriced,
  toUInt64(greatest(duration_ms, 0)) AS took_ms,
  bitOr(took_ms, intDiv(greatest(roundToExp2(took_ms), 16), 16) - 1) AS took_bucket
FROM run_results;

CREATE OR REPLACE VIEW guard_measures AS
SELECT
  toStartOfHour(decided_at) AS hour, client_id, feature, harness, harness_version, stage,
  counted.1 AS guard, counted.2 AS verdict, counted.3 AS rule
FROM (SELECT * FROM decisions WHERE NOT startsWith(decision, 'shadow_'))
ARRAY JOIN arrayConcat(
  arrayMap((guard, verdict) -> (CAST(guard, 'String'), CAST(verdict, 'String'), CAST(NULL, 'Nullable(String)')), guard_names, guard_verdicts),
  arrayMap(
    found -> (found.1, ifNull(arrayElementOrNull(guard_verdicts, indexOf(guard_names, found.1)), ''), CAST(found.2, 'Nullable(String)')),
    arrayDistinct(arrayMap((guard, rule) -> (CAST(guard, 'String'), rule), finding_guards, finding_rules))
  )
) AS counted;

CREATE OR REPLACE VIEW decision_measures AS
SELECT
  toStartOfHour(decided_at) AS hour, client_id, feature, harness, harness_version, stage, decision,
  if(empty(reason_codes), NULL, reason_codes[1]) AS reason, cut_strategy,
  ifNull(spared_tokens, 0) AS spared, spared_usd AS spared_cost
FROM decisions;

-- The stable views: names and columns stay. Hours and days are UTC. What a row
-- counts or sums can be added up over any rows; a sum of money is NULL when none
-- of what it adds up is known.
CREATE OR REPLACE VIEW spend_hourly (
  hour DateTime('UTC') COMMENT 'Start of the hour in which the calls started, UTC',
  client_id LowCardinality(String) COMMENT 'Who pays',
  feature LowCardinality(Nullable(String)) COMMENT 'What the client used it for',
  harness LowCardinality(String) COMMENT 'Its name',
  harness_version LowCardinality(String) COMMENT 'Of its definition',
  provider LowCardinality(String) COMMENT 'Who was asked',
  model LowCardinality(String) COMMENT 'Asked for',
  state LowCardinality(String) COMMENT 'finished, in_flight, or orphan: nobody saw the end, a minute past the deadline',
  outcome LowCardinality(Nullable(String)) COMMENT 'ok or what went wrong; NULL unless finished',
  purpose LowCardinality(String) COMMENT 'first; retry: the same model once more; fallback: another model; repair: asked again after an answer that broke its contract; hedge: made beside a slow call; moderation',
  cut_strategy LowCardinality(Nullable(String)) COMMENT 'head, tail or middle: what was kept of a prompt too long for the model; NULL: it was sent whole',
  calls UInt64 COMMENT 'Calls that left, each once',
  calls_with_usage UInt64 COMMENT 'Of these, those whose tokens are known: the sums of tokens are of them',
  input_tokens UInt64 COMMENT 'Neither read from nor written to the provider''s cache',
  calls_with_cache UInt64 COMMENT 'Calls of which some input was read from the cache',
  cached_input_tokens UInt64 COMMENT 'Read from the cache',
  cache_write_tokens UInt64 COMMENT 'Written to the cache',
  output_tokens UInt64 COMMENT 'Without reasoning',
  reasoning_tokens UInt64 COMMENT 'Charged like output',
  calls_with_cost UInt64 COMMENT 'Calls that cost_usd covers',
  cost_usd Nullable(Decimal(38, 12)) COMMENT 'Sum of the known costs',
  bound_low_usd Nullable(Decimal(38, 12)) COMMENT 'At least; unknown costs included where they have bounds',
  bound_high_usd Nullable(Decimal(38, 12)) COMMENT 'At most, likewise',
  unbounded_calls UInt64 COMMENT 'Calls without a known price: outside every sum of money',
  cache_saved_usd Nullable(Decimal(38, 12)) COMMENT 'What the calls would have cost more without the provider''s cache; below 0 when writing cost more than reading saved',
  cut_tokens UInt64 COMMENT 'Input tokens that were cut from prompts, estimated',
  cut_saved_usd Nullable(Decimal(38, 12)) COMMENT 'Input price of the tokens cut',
  duration_ms Map(UInt64, UInt64) COMMENT 'Histogram of the finished calls'' time: upper bound in ms -> calls',
  first_token_ms Map(UInt64, UInt64) COMMENT 'Histogram of the time to the first token, of calls that had one: upper bound in ms -> calls'
) AS
SELECT
  hour, client_id, feature, harness, harness_version, provider, model, state, outcome, spent_for AS purpose, cut_strategy,
  count() AS calls,
  sum(has_usage) AS calls_with_usage,
  sum(input) AS input_tokens,
  countIf(cached_input > 0) AS calls_with_cache,
  sum(cached_input) AS cached_input_tokens,
  sum(cache_write) AS cache_write_tokens,
  sum(output) AS output_tokens,
  sum(reasoning) AS reasoning_tokens,
  count(cost) AS calls_with_cost,
  sum(cost) AS cost_usd,
  sum(bound_low) AS bound_low_usd,
  sum(bound_high) AS bound_high_usd,
  count() - count(bound_high) AS unbounded_calls,
  sum(cache_saved) AS cache_saved_usd,
  sum(cut) AS cut_tokens,
  sum(cut_saved) AS cut_saved_usd,
  sumMapIf(map(took_bucket, has_duration), has_duration = 1) AS duration_ms,
  sumMapIf(map(first_bucket, has_first_token), has_first_token = 1) AS first_token_ms
FROM call_measures
GROUP BY hour, client_id, feature, harness, harness_version, provider, model, state, outcome, purpose, cut_strategy
COMMENT 'What calls cost, by the hour in which they started';

CREATE OR REPLACE VIEW spend_daily (
  day Date COMMENT 'The day on which the calls started, UTC',
  client_id LowCardinality(String) COMMENT 'Who pays',
  feature LowCardinality(Nullable(String)) COMMENT 'What the client used it for',
  harness LowCardinality(String) COMMENT 'Its name',
  harness_version LowCardinality(String) COMMENT 'Of its definition',
  provider LowCardinality(String) COMMENT 'Who was asked',
  model LowCardinality(String) COMMENT 'Asked for',
  state LowCardinality(String) COMMENT 'finished, in_flight, or orphan: nobody saw the end, a minute past the deadline',
  outcome LowCardinality(Nullable(String)) COMMENT 'ok or what went wrong; NULL unless finished',
  purpose LowCardinality(String) COMMENT 'first; retry: the same model once more; fallback: another model; repair: asked again after an answer that broke its contract; hedge: made beside a slow call; moderation',
  cut_strategy LowCardinality(Nullable(String)) COMMENT 'head, tail or middle: what was kept of a prompt too long for the model; NULL: it was sent whole',
  calls UInt64 COMMENT 'Calls that left, each once',
  calls_with_usage UInt64 COMMENT 'Of these, those whose tokens are known: the sums of tokens are of them',
  input_tokens UInt64 COMMENT 'Neither read from nor written to the provider''s cache',
  calls_with_cache UInt64 COMMENT 'Calls of which some input was read from the cache',
  cached_input_tokens UInt64 COMMENT 'Read from the cache',
  cache_write_tokens UInt64 COMMENT 'Written to the cache',
  output_tokens UInt64 COMMENT 'Without reasoning',
  reasoning_tokens UInt64 COMMENT 'Charged like output',
  calls_with_cost UInt64 COMMENT 'Calls that cost_usd covers',
  cost_usd Nullable(Decimal(38, 12)) COMMENT 'Sum of the known costs',
  bound_low_usd Nullable(Decimal(38, 12)) COMMENT 'At least; unknown costs included where they have bounds',
  bound_high_usd Nullable(Decimal(38, 12)) COMMENT 'At most, likewise',
  unbounded_calls UInt64 COMMENT 'Calls without a known price: outside every sum of money',
  cache_saved_usd Nullable(Decimal(38, 12)) COMMENT 'What the calls would have cost more without the provider''s cache; below 0 when writing cost more than reading saved',
  cut_tokens UInt64 COMMENT 'Input tokens that were cut from prompts, estimated',
  cut_saved_usd Nullable(Decimal(38, 12)) COMMENT 'Input price of the tokens cut',
  duration_ms Map(UInt64, UInt64) COMMENT 'Histogram of the finished calls'' time: upper bound in ms -> calls',
  first_token_ms Map(UInt64, UInt64) COMMENT 'Histogram of the time to the first token, of calls that had one: upper bound in ms -> calls'
) AS
SELECT
  toDate(hour) AS day, client_id, feature, harness, harness_version, provider, model, state, outcome, purpose, cut_strategy,
  sum(h.calls) AS calls,
  sum(h.calls_with_usage) AS calls_with_usage,
  sum(h.input_tokens) AS input_tokens,
  sum(h.calls_with_cache) AS calls_with_cache,
  sum(h.cached_input_tokens) AS cached_input_tokens,
  sum(h.cache_write_tokens) AS cache_write_tokens,
  sum(h.output_tokens) AS output_tokens,
  sum(h.reasoning_tokens) AS reasoning_tokens,
  sum(h.calls_with_cost) AS calls_with_cost,
  sum(h.cost_usd) AS cost_usd,
  sum(h.bound_low_usd) AS bound_low_usd,
  sum(h.bound_high_usd) AS bound_high_usd,
  sum(h.unbounded_calls) AS unbounded_calls,
  sum(h.cache_saved_usd) AS cache_saved_usd,
  sum(h.cut_tokens) AS cut_tokens,
  sum(h.cut_saved_usd) AS cut_saved_usd,
  sumMap(h.duration_ms) AS duration_ms,
  sumMap(h.first_token_ms) AS first_token_ms
FROM spend_hourly AS h
GROUP BY day, client_id, feature, harness, harness_version, provider, model, state, outcome, purpose, cut_strategy
COMMENT 'The rows of spend_hourly added up by day';

CREATE OR REPLACE VIEW runs_hourly (
  hour DateTime('UTC') COMMENT 'Start of the hour in which the requests were received, UTC',
  client_id LowCardinality(Nullable(String)) COMMENT 'Who pays; NULL when the request could not be read, as below',
  feature LowCardinality(Nullable(String)) COMMENT 'What the client used it for',
  harness LowCardinality(Nullable(String)) COMMENT 'Its name',
  harness_version LowCardinality(Nullable(String)) COMMENT 'Of its definition',
  status LowCardinality(String) COMMENT 'How the run ended: ok, refused, failed_validation ...',
  decided_by LowCardinality(String) COMMENT 'The stage that ended it',
  reason LowCardinality(Nullable(String)) COMMENT 'Code of the first reason; NULL without one',
  runs UInt64 COMMENT 'Runs that have their result, each once',
  attempts UInt64 COMMENT 'Of these runs together',
  calls UInt64 COMMENT 'As the runs counted them',
  input_tokens UInt64 COMMENT 'All input, as the runs counted it',
  output_tokens UInt64 COMMENT 'With reasoning, likewise',
  runs_with_cost UInt64 COMMENT 'Runs that cost_usd covers',
  cost_usd Nullable(Decimal(38, 12)) COMMENT 'Sum of what the runs knew they had paid; spend_hourly has what came to light later, too',
  unpriced_calls UInt64 COMMENT 'Calls outside that sum',
  runs_without_call UInt64 COMMENT 'Runs that ended before their first call',
  duration_ms Map(UInt64, UInt64) COMMENT 'Histogram of the time from request to result: upper bound in ms -> runs'
) AS
SELECT
  hour, client_id, feature, harness, harness_version, status, decided_by, reason,
  count() AS runs,
  sum(tries) AS attempts,
  sum(made) AS calls,
  sum(input) AS input_tokens,
  sum(output) AS output_tokens,
  count(cost) AS runs_with_cost,
  sum(cost) AS cost_usd,
  sum(unpriced) AS unpriced_calls,
  countIf(made = 0) AS runs_without_call,
  sumMap(map(took_bucket, toUInt64(1))) AS duration_ms
FROM run_measures
GROUP BY hour, client_id, feature, harness, harness_version, status, decided_by, reason
COMMENT 'How runs ended, by the hour in which their requests were received';

CREATE OR REPLACE VIEW runs_daily (
  day Date COMMENT 'The day on which the requests were received, UTC',
  client_id LowCardinality(Nullable(String)) COMMENT 'Who pays; NULL when the request could not be read, as below',
  feature LowCardinality(Nullable(String)) COMMENT 'What the client used it for',
  harness LowCardinality(Nullable(String)) COMMENT 'Its name',
  harness_version LowCardinality(Nullable(String)) COMMENT 'Of its definition',
  status LowCardinality(String) COMMENT 'How the run ended: ok, refused, failed_validation ...',
  decided_by LowCardinality(String) COMMENT 'The stage that ended it',
  reason LowCardinality(Nullable(String)) COMMENT 'Code of the first reason; NULL without one',
  runs UInt64 COMMENT 'Runs that have their result, each once',
  attempts UInt64 COMMENT 'Of these runs together',
  calls UInt64 COMMENT 'As the runs counted them',
  input_tokens UInt64 COMMENT 'All input, as the runs counted it',
  output_tokens UInt64 COMMENT 'With reasoning, likewise',
  runs_with_cost UInt64 COMMENT 'Runs that cost_usd covers',
  cost_usd Nullable(Decimal(38, 12)) COMMENT 'Sum of what the runs knew they had paid; spend_hourly has what came to light later, too',
  unpriced_calls UInt64 COMMENT 'Calls outside that sum',
  runs_without_call UInt64 COMMENT 'Runs that ended before their first call',
  duration_ms Map(UInt64, UInt64) COMMENT 'Histogram of the time from request to result: upper bound in ms -> runs'
) AS
SELECT
  toDate(hour) AS day, client_id, feature, harness, harness_version, status, decided_by, reason,
  sum(h.runs) AS runs,
  sum(h.attempts) AS attempts,
  sum(h.calls) AS calls,
  sum(h.input_tokens) AS input_tokens,
  sum(h.output_tokens) AS output_tokens,
  sum(h.runs_with_cost) AS runs_with_cost,
  sum(h.cost_usd) AS cost_usd,
  sum(h.unpriced_calls) AS unpriced_calls,
  sum(h.runs_without_call) AS runs_without_call,
  sumMap(h.duration_ms) AS duration_ms
FROM runs_hourly AS h
GROUP BY day, client_id, feature, harness, harness_version, status, decided_by, reason
COMMENT 'The rows of runs_hourly added up by day';

CREATE OR REPLACE VIEW guards_hourly (
  hour DateTime('UTC') COMMENT 'Start of the hour in which the guards ran, UTC',
  client_id LowCardinality(Nullable(String)) COMMENT 'Who pays; NULL when the request could not be read, as below',
  feature LowCardinality(Nullable(String)) COMMENT 'What the client used it for',
  harness LowCardinality(Nullable(String)) COMMENT 'Its name',
  harness_version LowCardinality(Nullable(String)) COMMENT 'Of its definition',
  stage LowCardinality(String) COMMENT 'That ran the guard',
  guard LowCardinality(String) COMMENT 'injection, pii, context_window, output_contract ...',
  verdict LowCardinality(String) COMMENT 'passed, flagged, redacted, blocked, truncated, repaired, sanitised, failed, not_run or off',
  rule LowCardinality(Nullable(String)) COMMENT 'A rule that found something; NULL on the rows that count verdicts',
  reports UInt64 COMMENT 'Times that the guard gave this verdict; 0 on the rows of rules',
  findings UInt64 COMMENT 'Times that the rule found something in a text with this verdict; 0 on the rows of verdicts'
) AS
SELECT
  hour, client_id, feature, harness, harness_version, stage, guard, verdict, rule,
  countIf(rule IS NULL) AS reports,
  countIf(rule IS NOT NULL) AS findings
FROM guard_measures
GROUP BY hour, client_id, feature, harness, harness_version, stage, guard, verdict, rule
COMMENT 'What guards said and which rules found something; versions in shadow, which decide nothing, are left out';

CREATE OR REPLACE VIEW guards_daily (
  day Date COMMENT 'The day on which the guards ran, UTC',
  client_id LowCardinality(Nullable(String)) COMMENT 'Who pays; NULL when the request could not be read, as below',
  feature LowCardinality(Nullable(String)) COMMENT 'What the client used it for',
  harness LowCardinality(Nullable(String)) COMMENT 'Its name',
  harness_version LowCardinality(Nullable(String)) COMMENT 'Of its definition',
  stage LowCardinality(String) COMMENT 'That ran the guard',
  guard LowCardinality(String) COMMENT 'injection, pii, context_window, output_contract ...',
  verdict LowCardinality(String) COMMENT 'passed, flagged, redacted, blocked, truncated, repaired, sanitised, failed, not_run or off',
  rule LowCardinality(Nullable(String)) COMMENT 'A rule that found something; NULL on the rows that count verdicts',
  reports UInt64 COMMENT 'Times that the guard gave this verdict; 0 on the rows of rules',
  findings UInt64 COMMENT 'Times that the rule found something in a text with this verdict; 0 on the rows of verdicts'
) AS
SELECT
  toDate(hour) AS day, client_id, feature, harness, harness_version, stage, guard, verdict, rule,
  sum(h.reports) AS reports,
  sum(h.findings) AS findings
FROM guards_hourly AS h
GROUP BY day, client_id, feature, harness, harness_version, stage, guard, verdict, rule
COMMENT 'The rows of guards_hourly added up by day';

CREATE OR REPLACE VIEW decisions_hourly (
  hour DateTime('UTC') COMMENT 'Start of the hour in which it was decided, UTC',
  client_id LowCardinality(Nullable(String)) COMMENT 'Who pays; NULL when the request could not be read, as below',
  feature LowCardinality(Nullable(String)) COMMENT 'What the client used it for',
  harness LowCardinality(Nullable(String)) COMMENT 'Its name',
  harness_version LowCardinality(Nullable(String)) COMMENT 'Of its definition',
  stage LowCardinality(String) COMMENT 'That decided',
  decision LowCardinality(String) COMMENT 'admitted, refused, passed, repaired, retried, failed, in_review, degraded, tier_skipped ...',
  reason LowCardinality(Nullable(String)) COMMENT 'Code of the first reason; NULL without one',
  cut_strategy LowCardinality(Nullable(String)) COMMENT 'Of a judged answer: how the prompt that it answers was cut; NULL: it was sent whole',
  decisions UInt64 COMMENT 'Each once',
  spared_tokens UInt64 COMMENT 'Of refusals: estimated input tokens of the prompts that were not sent',
  spared_usd Nullable(Decimal(38, 12)) COMMENT 'Their price as input; the answers would have come on top'
) AS
SELECT
  hour, client_id, feature, harness, harness_version, stage, decision, reason, cut_strategy,
  count() AS decisions,
  sum(spared) AS spared_tokens,
  sum(spared_cost) AS spared_usd
FROM decision_measures
GROUP BY hour, client_id, feature, harness, harness_version, stage, decision, reason, cut_strategy
COMMENT 'What the stages decided';

CREATE OR REPLACE VIEW decisions_daily (
  day Date COMMENT 'The day on which it was decided, UTC',
  client_id LowCardinality(Nullable(String)) COMMENT 'Who pays; NULL when the request could not be read, as below',
  feature LowCardinality(Nullable(String)) COMMENT 'What the client used it for',
  harness LowCardinality(Nullable(String)) COMMENT 'Its name',
  harness_version LowCardinality(Nullable(String)) COMMENT 'Of its definition',
  stage LowCardinality(String) COMMENT 'That decided',
  decision LowCardinality(String) COMMENT 'admitted, refused, passed, repaired, retried, failed, in_review, degraded, tier_skipped ...',
  reason LowCardinality(Nullable(String)) COMMENT 'Code of the first reason; NULL without one',
  cut_strategy LowCardinality(Nullable(String)) COMMENT 'Of a judged answer: how the prompt that it answers was cut; NULL: it was sent whole',
  decisions UInt64 COMMENT 'Each once',
  spared_tokens UInt64 COMMENT 'Of refusals: estimated input tokens of the prompts that were not sent',
  spared_usd Nullable(Decimal(38, 12)) COMMENT 'Their price as input; the answers would have come on top'
) AS
SELECT
  toDate(hour) AS day, client_id, feature, harness, harness_version, stage, decision, reason, cut_strategy,
  sum(h.decisions) AS decisions,
  sum(h.spared_tokens) AS spared_tokens,
  sum(h.spared_usd) AS spared_usd
FROM decisions_hourly AS h
GROUP BY day, client_id, feature, harness, harness_version, stage, decision, reason, cut_strategy
COMMENT 'The rows of decisions_hourly added up by day';

CREATE OR REPLACE VIEW savings_hourly (
  hour DateTime('UTC') COMMENT 'Start of the hour in which the calls started, the runs were refused or the answers were judged, UTC',
  client_id LowCardinality(Nullable(String)) COMMENT 'Who pays; NULL when the request could not be read, as below',
  feature LowCardinality(Nullable(String)) COMMENT 'What the client used it for',
  harness LowCardinality(Nullable(String)) COMMENT 'Its name',
  harness_version LowCardinality(Nullable(String)) COMMENT 'Of its definition',
  saving LowCardinality(String) COMMENT 'truncation, refusal (before the first call) or cache (the provider''s)',
  strategy LowCardinality(String) COMMENT 'Of truncation: head, tail, middle, or whole for prompts that were not cut, to compare with; of a refusal: refused; of the cache: prompt',
  reason LowCardinality(Nullable(String)) COMMENT 'Of a refusal: the first reason''s code',
  calls UInt64 COMMENT 'Calls that were made so; of the cache: that read from it',
  runs UInt64 COMMENT 'Of refusals: runs',
  tokens UInt64 COMMENT 'Input tokens cut, not sent, or read from the cache; estimated but for the cache',
  saved_usd Nullable(Decimal(38, 12)) COMMENT 'Their price; of the cache what it saved less what writing it cost',
  judged_answers UInt64 COMMENT 'Of truncation: answers that output-validate decided on',
  failed_answers UInt64 COMMENT 'Of these, those that broke their contract or a guard: asked again, degraded or failed for it'
) AS
SELECT
  hour, client_id, feature, harness, harness_version, 'truncation' AS saving, ifNull(cut_strategy, 'whole') AS strategy,
  CAST(NULL, 'Nullable(String)') AS reason,
  calls, 0 AS runs, cut_tokens AS tokens, cut_saved_usd AS saved_usd, 0 AS judged_answers, 0 AS failed_answers
FROM spend_hourly
WHERE purpose != 'moderation'
UNION ALL
SELECT
  hour, client_id, feature, harness, harness_version, 'truncation', ifNull(cut_strategy, 'whole'), NULL,
  0, 0, 0, NULL, decisions, if(decision IN ('retried', 'failed', 'degraded'), decisions, 0)
FROM decisions_hourly
WHERE stage = 'output-validate' AND decision IN ('passed', 'repaired', 'in_review', 'retried', 'failed', 'degraded')
UNION ALL
SELECT
  hour, client_id, feature, harness, harness_version, 'refusal', 'refused', reason,
  0, decisions, spared_tokens, spared_usd, 0, 0
FROM decisions_hourly
WHERE stage = 'input-scan' AND decision = 'refused'
UNION ALL
SELECT
  hour, client_id, feature, harness, harness_version, 'cache', 'prompt', NULL,
  calls_with_cache, 0, cached_input_tokens, cache_saved_usd, 0, 0
FROM spend_hourly
WHERE cached_input_tokens > 0 OR cache_write_tokens > 0
COMMENT 'What was not paid: by cutting prompts, by refusing runs before a call, by the provider''s cache';

CREATE OR REPLACE VIEW savings_daily (
  day Date COMMENT 'The day on which the calls started, the runs were refused or the answers were judged, UTC',
  client_id LowCardinality(Nullable(String)) COMMENT 'Who pays; NULL when the request could not be read, as below',
  feature LowCardinality(Nullable(String)) COMMENT 'What the client used it for',
  harness LowCardinality(Nullable(String)) COMMENT 'Its name',
  harness_version LowCardinality(Nullable(String)) COMMENT 'Of its definition',
  saving LowCardinality(String) COMMENT 'truncation, refusal (before the first call) or cache (the provider''s)',
  strategy LowCardinality(String) COMMENT 'Of truncation: head, tail, middle, or whole for prompts that were not cut, to compare with; of a refusal: refused; of the cache: prompt',
  reason LowCardinality(Nullable(String)) COMMENT 'Of a refusal: the first reason''s code',
  calls UInt64 COMMENT 'Calls that were made so; of the cache: that read from it',
  runs UInt64 COMMENT 'Of refusals: runs',
  tokens UInt64 COMMENT 'Input tokens cut, not sent, or read from the cache; estimated but for the cache',
  saved_usd Nullable(Decimal(38, 12)) COMMENT 'Their price; of the cache what it saved less what writing it cost',
  judged_answers UInt64 COMMENT 'Of truncation: answers that output-validate decided on',
  failed_answers UInt64 COMMENT 'Of these, those that broke their contract or a guard: asked again, degraded or failed for it'
) AS
SELECT
  day, client_id, feature, harness, harness_version, 'truncation' AS saving, ifNull(cut_strategy, 'whole') AS strategy,
  CAST(NULL, 'Nullable(String)') AS reason,
  calls, 0 AS runs, cut_tokens AS tokens, cut_saved_usd AS saved_usd, 0 AS judged_answers, 0 AS failed_answers
FROM spend_daily
WHERE purpose != 'moderation'
UNION ALL
SELECT
  day, client_id, feature, harness, harness_version, 'truncation', ifNull(cut_strategy, 'whole'), NULL,
  0, 0, 0, NULL, decisions, if(decision IN ('retried', 'failed', 'degraded'), decisions, 0)
FROM decisions_daily
WHERE stage = 'output-validate' AND decision IN ('passed', 'repaired', 'in_review', 'retried', 'failed', 'degraded')
UNION ALL
SELECT
  day, client_id, feature, harness, harness_version, 'refusal', 'refused', reason,
  0, decisions, spared_tokens, spared_usd, 0, 0
FROM decisions_daily
WHERE stage = 'input-scan' AND decision = 'refused'
UNION ALL
SELECT
  day, client_id, feature, harness, harness_version, 'cache', 'prompt', NULL,
  calls_with_cache, 0, cached_input_tokens, cache_saved_usd, 0, 0
FROM spend_daily
WHERE cached_input_tokens > 0 OR cache_write_tokens > 0
COMMENT 'What was not paid: by cutting prompts, by refusing runs before a call, by the provider''s cache';
