-- What people see who look at the views in a client: DESCRIBE says it.
ALTER TABLE ledger MODIFY COMMENT 'One row a call to a provider, the state and bounds of its cost worked out when read';

ALTER TABLE ledger
  COMMENT COLUMN call_id 'One HTTP request to a provider',
  COMMENT COLUMN call_no '1 for the first call of the attempt',
  COMMENT COLUMN tier 'Index into the harness''s model chain',
  COMMENT COLUMN hedge_of 'The slow call that this one was made beside; NULL for all others',
  COMMENT COLUMN purpose 'moderation: output-validate asked what a provider says of the answer; NULL for all others',
  COMMENT COLUMN client_id 'Who pays',
  COMMENT COLUMN feature 'What the client used it for',
  COMMENT COLUMN document 'Name of the document in its batch',
  COMMENT COLUMN replay_of 'Dead letter that this run replays: topic/partition/offset#replay',
  COMMENT COLUMN model 'Asked for',
  COMMENT COLUMN served_model 'Answered; the price is of this one where it has one',
  COMMENT COLUMN worker 'Process that called',
  COMMENT COLUMN input_tokens 'Neither read from nor written to the provider''s cache; NULL: unknown',
  COMMENT COLUMN output_tokens 'Without reasoning; NULL: unknown',
  COMMENT COLUMN usage_source 'provider, estimated or unknown; NULL until finished',
  COMMENT COLUMN cost_usd 'NULL: unknown, never 0',
  COMMENT COLUMN cost_low_usd 'If the request was sent and nothing came back',
  COMMENT COLUMN cost_high_usd 'If every permitted output token was produced',
  COMMENT COLUMN outcome 'ok or what went wrong; NULL until finished',
  COMMENT COLUMN first_token_ms 'From the request''s leaving to its first token',
  COMMENT COLUMN settles 'Whether this finish ended the attempt',
  COMMENT COLUMN deadline_at 'The call is over by then, one way or another',
  COMMENT COLUMN cut_strategy 'head, tail or middle: what was kept of a prompt too long for this model; NULL: it was sent whole',
  COMMENT COLUMN cut_tokens 'Input tokens that were cut from the prompt, estimated; NULL: none',
  COMMENT COLUMN cut_saved_usd 'Input price of the tokens cut; NULL: none were cut, or the price is unknown',
  COMMENT COLUMN uncached_cost_usd 'What the same tokens cost without the provider''s cache; NULL: unknown, or no cache took part',
  COMMENT COLUMN state 'finished, in_flight, or orphan: nobody saw the end, a minute past the deadline',
  COMMENT COLUMN turned_away 'The provider refused it: it is not billed',
  COMMENT COLUMN hedge 'Made beside a slow call',
  COMMENT COLUMN spent_for 'first, retry, repair, fallback, hedge or moderation',
  COMMENT COLUMN day 'On which it started, UTC',
  COMMENT COLUMN bound_low_usd 'What it cost at least',
  COMMENT COLUMN bound_high_usd 'What it cost at most; NULL: the price is unknown',
  COMMENT COLUMN orphan_low_usd 'Of an orphan alone: the lower bound',
  COMMENT COLUMN orphan_high_usd 'Of an orphan alone: the upper bound',
  COMMENT COLUMN cache_saved_usd 'What it would have cost more without the provider''s cache; below 0: writing cost more than reading saved';

ALTER TABLE run_results MODIFY COMMENT 'One row a run that has its result';

ALTER TABLE run_results
  COMMENT COLUMN status 'ok, refused, invalid, failed_validation, degraded, expired, over_budget, cancelled, released or rejected',
  COMMENT COLUMN decided_by 'The stage that ended it',
  COMMENT COLUMN client_id 'Who pays; NULL when the request could not be read, as below',
  COMMENT COLUMN feature 'What the client used it for',
  COMMENT COLUMN document 'Name of the document in its batch',
  COMMENT COLUMN replay_of 'Dead letter that this run replays: topic/partition/offset#replay',
  COMMENT COLUMN calls 'As the run counted them',
  COMMENT COLUMN input_tokens 'All input buckets together, as the run counted them',
  COMMENT COLUMN output_tokens 'With reasoning, likewise',
  COMMENT COLUMN cost_usd 'What the run knew it had paid; the ledger has what came to light later, too',
  COMMENT COLUMN unpriced_calls 'Calls outside cost_usd',
  COMMENT COLUMN reason_codes 'Why it ended so',
  COMMENT COLUMN reason_rules 'Beside reason_codes: the rule or keyword broken, or empty',
  COMMENT COLUMN reason_paths 'Beside reason_codes: JSON pointer, or empty',
  COMMENT COLUMN duration_ms 'From the request to the result',
  COMMENT COLUMN result_partition 'Of harness-results, where the result itself is',
  COMMENT COLUMN result_offset 'Likewise';

ALTER TABLE decisions MODIFY COMMENT 'One row a decision of a stage';

ALTER TABLE decisions
  COMMENT COLUMN attempt '0 before the first attempt',
  COMMENT COLUMN stage 'That decided',
  COMMENT COLUMN decision 'admitted, refused, passed, repaired, retried, failed, in_review, degraded ...; shadow_...: of a version that decides nothing',
  COMMENT COLUMN client_id 'Who pays; NULL when the request could not be read, as below',
  COMMENT COLUMN guard_verdicts 'Beside guard_names',
  COMMENT COLUMN finding_rules 'Rules of all findings',
  COMMENT COLUMN finding_guards 'Beside finding_rules: the guard that found it',
  COMMENT COLUMN guards 'JSON: the guards'' reports whole',
  COMMENT COLUMN reasons 'JSON: the reasons whole',
  COMMENT COLUMN spared_tokens 'Of a refusal: estimated input tokens of the prompt that was not sent; NULL for all others',
  COMMENT COLUMN spared_usd 'Their price as input of the first model in the chain; NULL when unknown',
  COMMENT COLUMN cut_strategy 'Of a judged answer: how the prompt that it answers was cut; NULL: it was sent whole';

ALTER TABLE review_events MODIFY COMMENT 'What was held for a person, and every decision on it';

ALTER TABLE review_events
  COMMENT COLUMN event_id 'held, escalated, or the id of the decision',
  COMMENT COLUMN event 'held, escalated or decided',
  COMMENT COLUMN decision 'approve, edit, reject, timed_out or cancelled',
  COMMENT COLUMN reason 'In the words of who decided',
  COMMENT COLUMN attempt 'This and what follows is known of what was held alone',
  COMMENT COLUMN reason_codes 'Why it was held';

ALTER TABLE runs_in_review MODIFY COMMENT 'Runs whose answer waits for a person now';

ALTER TABLE costs_daily MODIFY COMMENT 'Calls added up by day, from the rows; spend_daily says the same sooner';

ALTER TABLE spend_between MODIFY COMMENT 'The rows of spend_hourly from since to until (Unix seconds), whole days in one; apart: an hour that no row reaches across';
ALTER TABLE runs_between MODIFY COMMENT 'The rows of runs_hourly from since to until (Unix seconds), whole days in one; apart: an hour that no row reaches across';
ALTER TABLE guards_between MODIFY COMMENT 'The rows of guards_hourly from since to until (Unix seconds), whole days in one; apart: an hour that no row reaches across';
ALTER TABLE decisions_between MODIFY COMMENT 'The rows of decisions_hourly from since to until (Unix seconds), whole days in one; apart: an hour that no row reaches across';
