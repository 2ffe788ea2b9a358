import assert from "node:assert/strict";
import { test } from "node:test";
import type { CallFinished } from "../../schemas/records/call.ts";
import { audit, picoUsd, priceOf, type Evidence, type Terms } from "./auditor.ts";
import { finishedCall, resultOf, startedCall, uuid } from "./ledger-records.ts";

const usage = {
  input_tokens: 100,
  cached_input_tokens: 0,
  cache_write_tokens: 0,
  output_tokens: 40,
  reasoning_tokens: 0,
} as const;
const costUsd = "0.00065";
const run = uuid(1);
/** Two calls of run 1: the first was lost in a kill, the second settled it. Run 3 went its way. */
const terms: Terms = { killed: new Set(["model-invoke-killed"]) };

function finish(call: number, runId: string): CallFinished {
  return finishedCall(call, { run_id: runId, usage, cost_usd: costUsd, settles: true });
}

const served = (call: number) => ({
  call_id: uuid(call),
  provider: "openai" as const,
  model: "gpt-4o",
  status: 200,
  answered: true,
  client_gone: false,
  usage,
  at: "2026-11-22T12:00:00Z",
});

const noBounds = {
  outcome: "ok",
  usage_source: "provider",
  bound_low_usd: costUsd,
  bound_high_usd: costUsd,
  orphan_low_usd: null,
  orphan_high_usd: null,
} as const;
const bounds = {
  outcome: null,
  usage_source: null,
  cost_usd: null,
  bound_low_usd: "0.000125",
  bound_high_usd: "0.00525",
  orphan_low_usd: "0.000125",
  orphan_high_usd: "0.00525",
} as const;
const row = (call: number) => ({ call_id: uuid(call), state: "finished", cost_usd: costUsd, ...noBounds });
const spent = { calls: 1, input_tokens: 100, output_tokens: 40, cost_usd: costUsd, unpriced_calls: 0 };
const result = (number: number, offset: bigint) => ({ partition: 0, offset, result: resultOf(number, { spent }) });
const ledgerRun = (runId: string, offset: string) => ({
  run_id: runId,
  status: "ok",
  result_partition: 0,
  result_offset: offset,
});
const position = { group: "g", topic: "t", partition: 0, committed: 9n, end: 9n };

const lostCall = startedCall(1, { worker: "model-invoke-killed" });

const sound: Evidence = {
  runIds: new Set([run, uuid(3)]),
  results: [result(3, 4n), result(1, 5n), result(1, 7n)],
  reviews: [],
  journal: [lostCall, startedCall(2, { run_id: run }), startedCall(3), finish(2, run), finish(3, uuid(3))],
  books: [served(1), served(2), served(3)],
  ledger: [{ call_id: uuid(1), state: "in_flight", cost_usd: null, ...noBounds }, row(2), row(3)],
  ledgerLater: [{ call_id: uuid(1), state: "orphan", ...bounds }, row(2), row(3)],
  ledgerRuns: [ledgerRun(run, "5"), ledgerRun(uuid(3), "4")],
  deadLetters: { "harness-requests-dlq": 0n },
  positions: [position, { ...position, partition: 1, committed: -1n, end: 0n }],
};

test("sound books pass, and their figures are right", () => {
  const { violations, figures } = audit(sound, terms);
  assert.deepEqual(violations, []);
  assert.deepEqual(figures, {
    documents: 2,
    resultRecords: 3,
    callsStarted: 3,
    callsServed: 3,
    callsRepeated: 1,
    orphans: 1,
    orphansServed: 1,
    costUsd: "0.001300000000",
    orphanLowUsd: "0.000125000000",
    orphanHighUsd: "0.005250000000",
  });
});

/** Run 3's answer, judged. */
const judging = { run_id: uuid(3), purpose: "moderation", cost_low_usd: "0", cost_high_usd: "0" } as const;
const judgement = { ...judging, usage: null, usage_source: "unknown", cost_usd: "0", settles: false } as const;
const judgedRow = { ...row(4), cost_usd: "0", usage_source: "unknown" };
const judged: Evidence = {
  ...sound,
  journal: [...sound.journal, startedCall(4, judging), finishedCall(4, judgement)],
  books: [...sound.books, { ...served(4), model: "omni-moderation-latest", answered: false, usage: null }],
  ledger: [...sound.ledger, judgedRow],
  ledgerLater: [...sound.ledgerLater, judgedRow],
};

test("a moderation of a settled attempt is no repeat of its call, and free", () => {
  const { violations, figures } = audit(judged, terms);
  assert.deepEqual(violations, []);
  assert.deepEqual([figures.callsServed, figures.callsRepeated, figures.costUsd], [3, 1, "0.001300000000"]);
});

test("a moderation that comes too early, settles or costs is named", () => {
  const early = { ...judged, journal: [startedCall(4, judging), finishedCall(4, judgement), ...sound.journal] };
  assert.match(audit(early, terms).violations.join("; "), /judges what is not settled/);
  const settling = {
    ...judged,
    journal: [...judged.journal.slice(0, -1), finishedCall(4, { ...judgement, settles: true })],
  };
  assert.match(audit(settling, terms).violations.join("; "), /settles what it judges/);
  const paid = { ...judged, ledger: [...sound.ledger, { ...judgedRow, cost_usd: costUsd }] };
  assert.match(audit(paid, terms).violations.join("; "), /not free/);
});

const otherAnswer = { ...result(1, 7n), result: resultOf(1, { spent, output: { plain: "another" } }) };
const refused = { ...result(3, 4n), result: resultOf(3, { spent, status: "refused" }) };
const open = { ...row(3), outcome: "timeout", usage_source: "unknown", cost_usd: null } as const;
const estimated = { ...row(3), usage_source: "estimated" } as const;
const cases: readonly {
  readonly name: string;
  readonly with: Partial<Evidence>;
  readonly under?: Partial<Terms>;
  readonly says: RegExp;
}[] = [
  { name: "a document without a result", with: { results: sound.results.slice(1) }, says: /no result/ },
  { name: "a result that is not ok", with: { results: [refused, ...sound.results.slice(1)] }, says: /is refused/ },
  { name: "two results", with: { results: [...sound.results, otherAnswer] }, says: /two different results/ },
  {
    name: "a result in another partition",
    with: { results: [...sound.results, { ...result(1, 9n), partition: 1 }] },
    says: /two partitions/,
  },
  { name: "a result of nobody's run", with: { results: [...sound.results, result(8, 9n)] }, says: /nobody asked for/ },
  {
    name: "a ledger that holds a later result",
    with: { ledgerRuns: [ledgerRun(run, "7"), ledgerRun(uuid(3), "4")] },
    says: /the ledger's result is ok at 0\/7/,
  },
  { name: "a call that nobody announced", with: { books: [...sound.books, served(9)] }, says: /never announced/ },
  { name: "a call served twice", with: { books: [...sound.books, served(3)] }, says: /served twice/ },
  { name: "an answer out of nowhere", with: { books: sound.books.slice(0, 2) }, says: /finished and never served/ },
  { name: "a missing row", with: { ledger: sound.ledger.slice(0, 2) }, says: /served, and 0 rows/ },
  { name: "a second row", with: { ledger: [...sound.ledger, row(3)] }, says: /served, and 2 rows/ },
  { name: "a row of no call", with: { ledger: [...sound.ledger, row(9)] }, says: /a row of no call/ },
  {
    name: "an end that the ledger missed",
    with: { ledger: [...sound.ledger.slice(0, 2), { ...row(3), state: "in_flight" }] },
    says: /in_flight in the ledger, not in the journal/,
  },
  {
    name: "an orphan that is not shown",
    with: { ledgerLater: [{ ...row(1), state: "in_flight" }, row(2), row(3)] },
    says: /in_flight long after/,
  },
  {
    name: "an orphan whose bounds exclude what it cost",
    with: {
      ledgerLater: [{ call_id: uuid(1), state: "orphan", ...bounds, orphan_high_usd: "0.00064" }, row(2), row(3)],
    },
    says: /not within/,
  },
  {
    name: "a repeat of a call that was not lost",
    with: { journal: [...sound.journal, startedCall(4, { run_id: uuid(3) }), finish(4, uuid(3))] },
    says: /called when it was settled/,
  },
  {
    name: "a call beside one that is under way",
    with: { journal: [...sound.journal.slice(0, 3), startedCall(4, { run_id: uuid(3) }), ...sound.journal.slice(3)] },
    says: /called beside/,
  },
  {
    name: "an attempt that is settled twice",
    with: {
      journal: [
        ...sound.journal.slice(0, 3),
        startedCall(4, { run_id: uuid(3), worker: "model-invoke-killed" }),
        ...sound.journal.slice(3),
        finish(4, uuid(3)),
      ],
    },
    says: /two settling finishes/,
  },
  {
    name: "a second attempt before the first is settled",
    with: { journal: [...sound.journal.slice(0, 3), startedCall(4, { run_id: uuid(3), attempt: 2 })] },
    says: /called too early/,
  },
  {
    name: "an end that stands before its beginning",
    with: { journal: [finish(3, uuid(3)), ...sound.journal.slice(0, 4)] },
    says: /ended before it began/,
  },
  {
    name: "an answer that no call settled",
    with: { journal: [...sound.journal.slice(0, 4), finishedCall(3)] },
    says: /no settling finish/,
  },
  {
    name: "a good answer of unknown cost",
    with: { ledger: [...sound.ledger.slice(0, 2), { ...open, outcome: "ok" }] },
    says: /of unknown cost/,
  },
  {
    name: "an unknown cost whose bounds exclude it",
    with: { ledger: [...sound.ledger.slice(0, 2), { ...open, bound_low_usd: "0", bound_high_usd: "0.0001" }] },
    says: /cost 650000000, not within 0 to 0\.0001/,
  },
  {
    name: "a good answer whose cost is estimated",
    with: { ledger: [...sound.ledger.slice(0, 2), estimated] },
    says: /a good answer's cost is estimated/,
  },
  {
    name: "an estimate where more was spent than was announced",
    with: {
      journal: sound.journal.map((call) => ({ ...call, cost_high_usd: "0.0006" })),
      ledger: [...sound.ledger.slice(0, 2), { ...estimated, outcome: "malformed" }],
    },
    says: /estimated, and it cost 650000000, more than 0\.0006/,
  },
  {
    name: "an ending that was not asked for",
    with: {},
    under: { endings: new Map([[uuid(3), ["refused"]]]) },
    says: /the result is ok/,
  },
  {
    name: "a dead letter beyond those asked for",
    with: { deadLetters: { "harness-calls-dlq": 3n } },
    under: { deadLetters: { "harness-calls-dlq": 2n } },
    says: /3 records on harness-calls-dlq/,
  },
  {
    name: "a call that ended for no one",
    with: { journal: [...sound.journal, startedCall(4, { run_id: uuid(3), tier: 1 })] },
    says: /never ended, and no kill/,
  },
  {
    name: "a fourth attempt",
    with: { journal: [...sound.journal, startedCall(4, { run_id: uuid(3), attempt: 4 })] },
    says: /attempt 4/,
  },
  {
    name: "a bill that is off by its last digit",
    with: { ledger: [...sound.ledger.slice(0, 2), { ...row(3), cost_usd: "0.000650000001" }] },
    says: /the ledger says 0\.001300000001, the books 0\.001300000000/,
  },
  {
    name: "results that tell another cost",
    with: { results: [...sound.results.slice(1), { ...result(3, 4n), result: resultOf(3) }] },
    says: /the result says/,
  },
  { name: "a dead letter", with: { deadLetters: { "harness-calls-dlq": 1n } }, says: /1 records on harness-calls-dlq/ },
  { name: "a record left over", with: { positions: [{ ...position, committed: 8n }] }, says: /committed 8 of 9/ },
];

for (const { name, with: changed, under, says } of cases) {
  test(`${name} is told`, () => {
    const { violations } = audit({ ...sound, ...changed }, { ...terms, ...under });
    assert.match(violations.join("\n"), says);
  });
}

test("a process that froze may end its call late and settle again; one that was killed may not", () => {
  const late = [...sound.journal, { ...finish(1, run), worker: "model-invoke-killed" }];
  const ledger = [row(1), row(2), row(3)];
  const evidence = { ...sound, journal: late, ledger, ledgerLater: ledger };
  const frozen = audit(evidence, { killed: new Set(), frozen: terms.killed });
  assert.deepEqual(frozen.violations, []);
  assert.match(audit(evidence, terms).violations.join("\n"), /two settling finishes/);
});

test("what a frozen process had on its way may fail unseen by the provider; a good answer may not", () => {
  const failed = (outcome: "connection" | "ok") => ({
    ...sound,
    journal: [...sound.journal, { ...finish(1, run), worker: "model-invoke-killed", settles: false, outcome }],
    books: sound.books.slice(1),
  });
  const frozen = { killed: new Set<string>(), frozen: terms.killed };
  assert.doesNotMatch(audit(failed("connection"), frozen).violations.join(), /never served/);
  assert.match(audit(failed("ok"), frozen).violations.join(), /never served/);
  assert.match(audit(failed("connection"), terms).violations.join(), /never served/);
});

test("a dead letter and an ending that were asked for are none", () => {
  const asked = { ...terms, endings: new Map([[uuid(3), ["refused" as const]]]), deadLetters: { "a-dlq": 1n } };
  const ended = [{ ...ledgerRun(uuid(3), "4"), status: "refused" }, ledgerRun(run, "5")];
  const results = [refused, ...sound.results.slice(1)];
  assert.deepEqual(audit({ ...sound, results, ledgerRuns: ended, deadLetters: { "a-dlq": 1n } }, asked).violations, []);
});

test("amounts are whole millionths of a millionth of a dollar", () => {
  assert.deepEqual(["0", "1", "0.5", "12.000000000001"].map(picoUsd), [
    0n,
    10n ** 12n,
    5n * 10n ** 11n,
    12_000_000_000_001n,
  ]);
  for (const wrong of ["", "1e-7", "-1", ".5", "0.0000000000001"]) assert.throws(() => picoUsd(wrong));
  assert.equal(priceOf(served(1)), picoUsd(costUsd));
  assert.equal(priceOf({ ...served(1), answered: false }), 0n);
  assert.throws(() => priceOf({ ...served(1), model: "gpt-5" }));
});
