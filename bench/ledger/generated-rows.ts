/**
 * Rows of the ledger by the million, made inside ClickHouse from numbers and a
 * seed: the same seed gives the same rows. Five calls for every four runs; three
 * runs in a hundred are refused and call nobody; one call in a hundred is an
 * orphan; one row in fifty comes twice, and one in fifty late, out of order.
 */
export interface Generated {
  readonly seed: number;
  /** Calls, runs that were refused included, over the whole time. */
  readonly calls: number;
  readonly days: number;
  /** Start of the first day, Unix seconds. */
  readonly fromS: number;
}

/** Which rows of the whole: those that come in time, of one day, or those that come late, of all days. */
export type Arrival = { readonly kind: "in time"; readonly day: number } | { readonly kind: "late" };

const usPerCall = ({ calls, days }: Generated): number => Math.floor((days * 86_400_000_000) / calls);

/** `n` is the call's number; the numbers of a late arrival are those that `in time` leaves out. */
function numbersOf({ calls, days, seed }: Generated, arrival: Arrival): string {
  const perDay = Math.floor(calls / days);
  const isLate = `sipHash64(number, ${seed}, 'late') % 50 = 0`;
  return arrival.kind === "late"
    ? `(SELECT number AS n FROM numbers(${perDay * days}) WHERE ${isLate} ORDER BY sipHash64(n))`
    : `(SELECT number AS n FROM numbers(${arrival.day * perDay}, ${perDay}) WHERE NOT ${isLate})`;
}

/** A UUID of version 7 at that time; one in ten of version 8, as those of batches are. */
function idOf(ms: string, hash: string): string {
  const digits = (sql: string, count: number) => `leftPad(lower(hex(${sql})), ${count}, '0')`;
  const random = digits(hash, 16);
  return `toUUID(concat(
    if(${hash} % 10 = 0, substring(${digits(`sipHash64(${hash}, 8)`, 16)}, 1, 12), ${digits(`toUInt64(${ms})`, 12)}),
    if(${hash} % 10 = 0, '8', '7'), substring(${random}, 1, 3), 'a', substring(${random}, 4, 3),
    substring(${digits(`sipHash64(${hash}, 9)`, 16)}, 1, 12)))`;
}

/** What every row of a run knows of it. Four runs to five calls: the fifth is the fourth run's second call. */
function shared(given: Generated, arrival: Arrival): string {
  const { seed, fromS } = given;
  const ms = `intDiv(first_n * ${usPerCall(given)}, 1000) + ${fromS} * 1000`;
  return `SELECT n, run, first_n, h, at_ms, ${idOf("at_ms", "h")} AS run_id,
      run % 33 = 0 AS refused,
      concat('client-', toString(client)) AS client_id,
      concat('harness-', toString(harness_no)) AS harness,
      if(harness_no % 7 = 0, NULL, concat('feature-', toString(harness_no % 11))) AS feature,
      lower(hex(sipHash64(harness_no, at_ms > ${(fromS + 45 * 86_400) * 1000}))) AS harness_version,
      if(h % 10 = 0, concat('batch-', toString(intDiv(run, 5000))), NULL) AS batch_id,
      if(batch_id IS NULL, NULL, concat('documents/', toString(run), '.txt')) AS document
    FROM (
      SELECT *, intDiv(pow(h % 100000 / 100000, 2) * 20, 1)::UInt8 AS client, (client * 3 + bitShiftRight(h, 20) % 3) % 29 AS harness_no
      FROM (
        SELECT n, intDiv(n, 5) * 4 + least(n % 5, 3) AS run, if(n % 5 = 4, n - 1, n) AS first_n,
          sipHash64(run, ${seed}) AS h, ${ms} AS at_ms
        FROM ${numbersOf(given, arrival)}
      )
    )`;
}

const callColumns = `
      call_id, version, run_id, attempt, call_no, tier, hedge_of, purpose, client_id, feature, harness, harness_version, batch_id,
      document, provider, model, served_model, worker, input_tokens_estimate, max_output_tokens, cut_strategy, cut_tokens, cut_saved_usd,
      input_tokens, cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens, usage_source, price_version, cost_usd,
      uncached_cost_usd, cost_low_usd, cost_high_usd, outcome, finish_reason, first_token_ms, settles, started_at, deadline_at,
      finished_at, duration_ms, source_topic, source_partition, source_offset`;

/** Starts and finishes, as the journal has them. */
export function callsSql(given: Generated, arrival: Arrival): string {
  const finished = (sql: string) => `if(is_end, ${sql}, NULL)`;
  // Money in units of 1e-12 dollars, as whole numbers until the end.
  const usd = (units: string) =>
    `CAST(toDecimal128(${units}, 0) * toDecimal128('0.000000000001', 12), 'Decimal(38, 12)')`;
  return `INSERT INTO calls (${callColumns})
    SELECT ${idOf("began_ms", "c")} AS call_id, if(is_end, 3, 1), run_id,
      if(again AND k < 50, 2, 1), if(again, 2, 1), if(again AND k >= 50 AND k < 80, 1, 0),
      if(again AND k >= 80 AND k < 90, ${idOf("at_ms", "h")}, NULL), if(again AND k >= 95, 'moderation', NULL),
      client_id, feature, harness, harness_version, batch_id, document,
      if(model_no < 4, 'openai', 'anthropic'),
      ['gpt-4o', 'gpt-4o-mini', 'gpt-4.1', 'o4-mini', 'claude-sonnet-4', 'claude-haiku-4'][model_no + 1] AS model,
      ${finished("model")}, concat('model-invoke-', toString(h % 4)), in_tokens, 800,
      if(k2 % 20 = 0, ['head', 'tail', 'middle'][harness_no_of % 3 + 1], NULL) AS cut,
      if(cut IS NULL, NULL, 500 + k2 % 4000) AS cut_of, if(cut IS NULL, NULL, ${usd("ifNull(cut_of, 0) * rate")}),
      if(is_known, in_tokens, NULL), if(is_known, cached, NULL), if(is_known, if(k2 % 9 = 0, 300, 0), NULL),
      if(is_known, out_tokens, NULL), if(is_known, if(model_no = 3, 200, 0), NULL),
      ${finished("if(is_known, 'provider', 'unknown')")}, 'bench@1',
      if(is_known, ${usd("in_tokens * rate + intDiv(cached * rate, 2) + out_tokens * rate * 4")}, NULL),
      if(is_known AND cached > 0, ${usd("(in_tokens + cached) * rate + out_tokens * rate * 4")}, NULL),
      ${usd("intDiv(in_tokens * rate, 2)")}, ${usd("in_tokens * rate + 800 * rate * 4")},
      ${finished("multiIf(k3 < 950, 'ok', k3 < 965, 'rate_limited', k3 < 980, 'timeout', k3 < 990, 'server_error', 'overloaded')")} AS outcome,
      if(outcome = 'ok', 'stop', NULL), if(outcome = 'ok', 90 + intDiv(took, 5), NULL), ${finished("k3 < 950")},
      fromUnixTimestamp64Milli(toInt64(began_ms), 'UTC'), fromUnixTimestamp64Milli(toInt64(began_ms + 60000), 'UTC'),
      ${finished("fromUnixTimestamp64Milli(toInt64(began_ms + took), 'UTC')")}, ${finished("toInt64(took)")},
      'harness-calls', h % 24, n * 2 + is_end
    FROM (${callFacts(given, arrival)})`;
}

/** What is drawn of a call: by its number and the seed, so that its start and its finish agree. */
function callFacts(given: Generated, arrival: Arrival): string {
  return `
      SELECT *, arrayJoin(multiIf(c % 100 = 99, [false], c % 50 = 7, [true, false, true], [false, true])) AS is_end,
        is_end AND k3 < 950 AS is_known
      FROM (
        SELECT *, sipHash64(n, ${given.seed}, 'call') AS c, n % 5 = 4 AS again, c % 100 AS k, bitShiftRight(c, 16) % 10000 AS k2,
          bitShiftRight(c, 32) % 1000 AS k3, at_ms + 40 + if(again, 3000, 0) AS began_ms,
          toUInt64(substring(harness, 9)) AS harness_no_of, (harness_no_of + toUInt64(again AND k >= 50 AND k < 80)) % 6 AS model_no,
          200 + k2 % 3000 AS in_tokens, if(k2 % 3 = 0, 1024, 0) AS cached, 20 + bitShiftRight(c, 24) % 700 AS out_tokens,
          [2500000, 150000, 2000000, 1100000, 3000000, 800000][model_no + 1] AS rate,
          toUInt64(250 + exp(k3 / 1000 * 3) * 400 * (1 + model_no / 3)) AS took
        FROM (${shared(given, arrival)}) WHERE NOT refused
      )`;
}

/** One a run, one in fifty twice, the second later in the log. */
export function runsSql(given: Generated, arrival: Arrival): string {
  return `INSERT INTO runs (
      run_id, version, status, decided_by, client_id, feature, harness, harness_version, batch_id, document, attempts, calls, input_tokens,
      output_tokens, cost_usd, unpriced_calls, reason_codes, reason_rules, reason_paths, received_at, finished_at, duration_ms, origin_topic,
      origin_partition, origin_offset, result_partition, result_offset)
    SELECT run_id, bitShiftLeft(toUInt64(1), 63) - (run * 2 + repeat),
      multiIf(refused, 'refused', h % 100 < 92, 'ok', h % 100 < 96, 'failed_validation', h % 100 < 98, 'degraded', 'expired') AS status,
      if(refused, 'input-scan', 'output-validate'), client_id, feature, harness, harness_version, batch_id, document,
      if(refused, 0, 1 + (h % 100 = 93)), if(refused, 0, 1), if(refused, 0, 200 + h % 3000), if(refused, 0, 20 + h % 700),
      if(refused OR h % 40 = 0, NULL, toDecimal128((1 + h % 9000) / 1000000, 12)), if(h % 40 = 0, 1, 0),
      multiIf(refused, [['injection', 'pii', 'input_contract'][run % 3 + 1]], status = 'ok', [], [status]) AS codes,
      arrayMap(code -> '', codes), arrayMap(code -> '', codes),
      fromUnixTimestamp64Milli(toInt64(at_ms + repeat * 1800000), 'UTC'), fromUnixTimestamp64Milli(toInt64(at_ms + 1200 + h % 9000), 'UTC'),
      1200 + h % 9000, 'harness-requests', h % 24, run, h % 24, run * 2 + repeat
    FROM (
      SELECT *, arrayJoin(if(h % 50 = 3, [1, 0], [0])) AS repeat FROM (${shared(given, arrival)}) WHERE n % 5 != 4
    )`;
}

/** Two decisions a run; of one run in fifty the second comes twice, decided later, perhaps in the next hour. */
export function decisionsSql(given: Generated, arrival: Arrival): string {
  const report = (guard: string, verdict: string, rules: string) =>
    `concat('{"guard":"', ${guard}, '","verdict":"', ${verdict}, '","findings":[', arrayStringConcat(arrayMap(rule -> concat('{"rule":"', rule, '","version":"1","severity":"high"}'), ${rules}), ','), ']}')`;
  return `INSERT INTO audit (
      run_id, event_id, version, stage, attempt, decision, decided_at, client_id, feature, harness, harness_version, batch_id, document, policy,
      cut_strategy, guard_names, guard_verdicts, finding_rules, finding_guards, guards, reason_codes, reasons, spared_tokens, spared_usd,
      source_partition, source_offset)
    SELECT run_id, concat(toString(run_id), if(is_first, '/0/input-scan/decision', '/1/output-validate/decision')),
      bitShiftLeft(toUInt64(1), 63) - (run * 4 + step), if(is_first, 'input-scan', 'output-validate'), NOT is_first,
      multiIf(is_first, if(refused, 'refused', 'admitted'), h % 100 < 88, 'passed', h % 100 < 92, 'repaired', h % 100 < 97, 'retried', 'failed'),
      fromUnixTimestamp64Milli(toInt64(at_ms + if(is_first, 30, 1100) + if(step = 2, 1800000, 0)), 'UTC'),
      client_id, feature, harness, harness_version, batch_id, document, 'standard',
      if(NOT is_first AND h % 20 = 0, ['head', 'tail', 'middle'][h % 3 + 1], NULL),
      names, verdicts, arrayFlatten(rules), arrayFlatten(arrayMap((name, own) -> arrayMap(rule -> name, own), names, rules)),
      concat('[', arrayStringConcat(arrayMap((name, verdict, own) -> ${report("name", "verdict", "own")}, names, verdicts, rules), ','), ']'),
      if(is_first AND refused, [['injection', 'pii', 'input_contract'][run % 3 + 1]], []), '[]',
      if(is_first AND refused, 200 + h % 3000, NULL),
      if(is_first AND refused, toDecimal128((200 + h % 3000) / 400000, 12), NULL), h % 24, run * 4 + step
    FROM (
      SELECT *, step = 0 AS is_first,
        if(is_first, ['injection', 'pii', 'context_window'], ['output_contract', 'grounding', 'leaks']) AS names,
        if(is_first,
          [if(refused AND run % 3 = 0, 'blocked', 'passed'), multiIf(refused AND run % 3 = 1, 'blocked', h % 7 = 0, 'redacted', 'passed'), if(h % 20 = 0, 'truncated', 'passed')],
          [if(h % 100 >= 92, 'failed', 'passed'), if(h % 30 = 0, 'flagged', 'passed'), 'passed']) AS verdicts,
        arrayMap((name, verdict) -> if(verdict IN ('passed', 'truncated'), [], [concat(name, '.', toString(h % 9))]), names, verdicts) AS rules
      FROM (
        SELECT *, arrayJoin(multiIf(refused, [0], h % 50 = 4, [0, 2, 1], [0, 1])) AS step FROM (${shared(given, arrival)})
        WHERE n % 5 != 4
      )
    )`;
}

/** One run in five hundred was held, and most of these were decided on. */
export function reviewsSql(given: Generated, arrival: Arrival): string {
  return `INSERT INTO reviews (run_id, event_id, version, event, at, decision, reviewer, client_id, harness, reason_codes, source_partition, source_offset)
    SELECT run_id, event, bitShiftLeft(toUInt64(1), 63) - (run * 2 + (event = 'decided')), event,
      fromUnixTimestamp64Milli(toInt64(at_ms + 2000), 'UTC'), if(event = 'decided', 'approve', NULL), if(event = 'decided', 'ines', NULL),
      client_id, harness, ['grounding.number'], h % 24, run * 2 + (event = 'decided')
    FROM (
      SELECT *, arrayJoin(if(h % 5 = 0, ['held'], ['held', 'decided'])) AS event FROM (${shared(given, arrival)})
      WHERE n % 5 != 4 AND h % 500 < 2
    )`;
}
