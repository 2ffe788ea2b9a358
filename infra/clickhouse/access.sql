-- Who may do what in ClickHouse, for a server of your own: four roles, none of
-- which may do what its process does not. Run it once, after `breakwater setup`
-- made the tables or before, as a user that may create roles:
--
--   clickhouse-client --multiquery < infra/clickhouse/access.sql
--
-- Then make a user for each, its password from where you keep secrets, and give it to
-- the processes as CLICKHOUSE_USER and CLICKHOUSE_PASSWORD:
--
--   CREATE USER breakwater_reader IDENTIFIED WITH sha256_password BY '...' DEFAULT ROLE breakwater_reader;
--   GRANT breakwater_reader TO breakwater_reader;

-- The gateway, alerts, the command line's questions and Grafana. No row is changed by it;
-- readonly = 2 lets the client say how numbers are written.
CREATE ROLE IF NOT EXISTS breakwater_reader SETTINGS readonly = 2, max_execution_time = 60;
GRANT SELECT ON breakwater.* TO breakwater_reader;

-- cost-aggregate. It adds rows, keeps sums by hour and day and takes away those that newer ones
-- replaced, and says how long rows are kept. It makes and drops no table, and changes no row of the books.
CREATE ROLE IF NOT EXISTS breakwater_writer;
GRANT SELECT ON breakwater.* TO breakwater_writer;
GRANT INSERT ON breakwater.calls TO breakwater_writer;
GRANT INSERT ON breakwater.runs TO breakwater_writer;
GRANT INSERT ON breakwater.audit TO breakwater_writer;
GRANT INSERT ON breakwater.reviews TO breakwater_writer;
GRANT INSERT ON breakwater.audit_events TO breakwater_writer;
GRANT INSERT ON breakwater.audit_links TO breakwater_writer;
GRANT INSERT ON breakwater.audit_heads TO breakwater_writer;
GRANT INSERT ON breakwater.builds TO breakwater_writer;
GRANT INSERT ON breakwater.kept_days TO breakwater_writer;
GRANT INSERT, ALTER DELETE, ALTER TTL ON breakwater.spend_hours TO breakwater_writer;
GRANT INSERT, ALTER DELETE, ALTER TTL ON breakwater.spend_days TO breakwater_writer;
GRANT INSERT, ALTER DELETE, ALTER TTL ON breakwater.run_hours TO breakwater_writer;
GRANT INSERT, ALTER DELETE, ALTER TTL ON breakwater.run_days TO breakwater_writer;
GRANT INSERT, ALTER DELETE, ALTER TTL ON breakwater.decision_hours TO breakwater_writer;
GRANT INSERT, ALTER DELETE, ALTER TTL ON breakwater.decision_days TO breakwater_writer;
GRANT INSERT, ALTER DELETE, ALTER TTL ON breakwater.guard_hours TO breakwater_writer;
GRANT INSERT, ALTER DELETE, ALTER TTL ON breakwater.guard_days TO breakwater_writer;
GRANT ALTER TTL ON breakwater.calls TO breakwater_writer;
GRANT ALTER TTL ON breakwater.call_facts TO breakwater_writer;
GRANT ALTER TTL ON breakwater.runs TO breakwater_writer;
GRANT ALTER TTL ON breakwater.run_facts TO breakwater_writer;
GRANT ALTER TTL ON breakwater.audit TO breakwater_writer;
GRANT ALTER TTL ON breakwater.audit_facts TO breakwater_writer;
GRANT ALTER TTL ON breakwater.audit_events TO breakwater_writer;
GRANT ALTER TTL ON breakwater.audit_links TO breakwater_writer;
GRANT ALTER TTL ON breakwater.audit_heads TO breakwater_writer;
GRANT ALTER TTL ON breakwater.reviews TO breakwater_writer;

-- `breakwater prices reprice --write`, beside what a reader may.
CREATE ROLE IF NOT EXISTS breakwater_operator;
GRANT SELECT ON breakwater.* TO breakwater_operator;
GRANT INSERT ON breakwater.repricings TO breakwater_operator;

-- `breakwater setup`: brings the schema up to date. What fills one table from another runs as this
-- user, so it may insert everywhere; it drops no table.
CREATE ROLE IF NOT EXISTS breakwater_migrator;
GRANT CREATE DATABASE, CREATE TABLE, CREATE VIEW, DROP VIEW, SELECT, INSERT, ALTER COLUMN, ALTER INDEX, ALTER MODIFY COMMENT ON breakwater.* TO breakwater_migrator;
