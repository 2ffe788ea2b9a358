-- What stands for the content that a decision is about, which is never stored.
ALTER TABLE audit
  ADD COLUMN IF NOT EXISTS input_hmac Nullable(String) COMMENT 'Of the input as it came in, with its key''s id before it; NULL where none is meant, and without a secret key',
  ADD COLUMN IF NOT EXISTS output_hmac Nullable(String) COMMENT 'Of the output that was given or is held, likewise';
