-- The runs whose answer waits for a person now: held, and without a result.
CREATE OR REPLACE VIEW runs_in_review AS
SELECT
  run_id, client_id, feature, harness, harness_version, batch_id, document, attempt AS attempts,
  at AS held_at, due_at, on_timeout, reason_codes
FROM review_events
WHERE event = 'held'
  AND run_id NOT IN (SELECT run_id FROM runs WHERE run_id IN (SELECT run_id FROM reviews));
