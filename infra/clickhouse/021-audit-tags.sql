-- What a link says of its record's run and client: its hash covers them.
ALTER TABLE audit_links
  ADD COLUMN IF NOT EXISTS run_tag Nullable(String) COMMENT 'A hash of the record''s run id',
  ADD COLUMN IF NOT EXISTS client_tag Nullable(String) COMMENT 'An HMAC of its client id, with its key''s id before it';
