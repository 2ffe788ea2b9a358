-- An hour that is open because it shares a record with a touched one is read from
-- its rows, so which of these are replaced is asked of every open hour's rows, by
-- whatever hour's.
CREATE OR REPLACE VIEW runs_state AS
WITH
  (SELECT groupArray(period) FROM period_builds WHERE kind = 'runs' AND grain = 'hour' AND NOT in_force) AS touched,
  (
    SELECT groupArrayArray(hours)
    FROM (
      SELECT groupUniqArray(hour) AS hours FROM fact_hours
      WHERE kind = 'runs' AND id IN (SELECT id FROM run_facts WHERE hour IN touched)
      GROUP BY id, event
      HAVING length(hours) > 1
    )
  ) AS shared,
  arrayDistinct(arrayConcat(touched, shared)) AS open,
  (
    SELECT groupArrayArray(lost)
    FROM (
      SELECT
        groupUniqArray(hour) AS hours,
        argMax(hour, version) AS kept,
        arrayMap(other -> (id, event, other), arrayFilter(other -> other != kept, hours)) AS lost
      FROM fact_hours
      WHERE kind = 'runs' AND id IN (SELECT id FROM run_facts WHERE hour IN open)
      GROUP BY id, event
      HAVING length(hours) > 1
    )
  ) AS replaced_rows,
  arrayDistinct(arrayMap(hour -> toDate(hour), open)) AS days
SELECT CAST(
  (
    groupArrayIf(build, grain = 'hour' AND period NOT IN open),
    open,
    groupArrayIf(build, grain = 'day' AND in_force AND toDate(period) NOT IN days),
    groupArrayIf(toDate(period), grain = 'day' AND NOT (in_force AND toDate(period) NOT IN days)),
    replaced_rows
  ),
  'Tuple(hour_builds Array(UInt64), open_hours Array(DateTime(\'UTC\')), day_builds Array(UInt64), open_days Array(Date), replaced Array(Tuple(FixedString(16), UInt64, DateTime(\'UTC\'))))'
) AS state
FROM period_builds
WHERE kind = 'runs';

CREATE OR REPLACE VIEW audit_state AS
WITH
  (SELECT groupArray(period) FROM period_builds WHERE kind = 'audit' AND grain = 'hour' AND NOT in_force) AS touched,
  (
    SELECT groupArrayArray(hours)
    FROM (
      SELECT groupUniqArray(hour) AS hours FROM fact_hours
      WHERE kind = 'audit' AND id IN (SELECT id FROM audit_facts WHERE hour IN touched)
      GROUP BY id, event
      HAVING length(hours) > 1
    )
  ) AS shared,
  arrayDistinct(arrayConcat(touched, shared)) AS open,
  (
    SELECT groupArrayArray(lost)
    FROM (
      SELECT
        groupUniqArray(hour) AS hours,
        argMax(hour, version) AS kept,
        arrayMap(other -> (id, event, other), arrayFilter(other -> other != kept, hours)) AS lost
      FROM fact_hours
      WHERE kind = 'audit' AND id IN (SELECT id FROM audit_facts WHERE hour IN open)
      GROUP BY id, event
      HAVING length(hours) > 1
    )
  ) AS replaced_rows,
  arrayDistinct(arrayMap(hour -> toDate(hour), open)) AS days
SELECT CAST(
  (
    groupArrayIf(build, grain = 'hour' AND period NOT IN open),
    open,
    groupArrayIf(build, grain = 'day' AND in_force AND toDate(period) NOT IN days),
    groupArrayIf(toDate(period), grain = 'day' AND NOT (in_force AND toDate(period) NOT IN days)),
    replaced_rows
  ),
  'Tuple(hour_builds Array(UInt64), open_hours Array(DateTime(\'UTC\')), day_builds Array(UInt64), open_days Array(Date), replaced Array(Tuple(FixedString(16), UInt64, DateTime(\'UTC\'))))'
) AS state
FROM period_builds
WHERE kind = 'audit';
