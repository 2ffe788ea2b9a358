-- The links of the sealed audit stand on harness-audit-chain alone, where `breakwater audit verify`
-- and `export` read them; a second copy of every record here was read by nothing.
ALTER TABLE audit_links MODIFY COMMENT 'Not written any more: the links stand on harness-audit-chain';
