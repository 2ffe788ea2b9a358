-- What a refusal before the first call kept from being sent. The view is made
-- again: it lists the columns that the table had when it was made.
ALTER TABLE audit
  ADD COLUMN IF NOT EXISTS spared_tokens Nullable(UInt64)
  COMMENT 'Of a refusal: estimated input tokens of the prompt that was not sent; NULL for all others'
  AFTER reasons,
  ADD COLUMN IF NOT EXISTS spared_usd Nullable(Decimal(38, 12))
  COMMENT 'Their price as input of the first model in the chain; NULL when unknown'
  AFTER spared_tokens;

CREATE OR REPLACE VIEW decisions AS
SELECT * EXCEPT (version) FROM audit FINAL;
