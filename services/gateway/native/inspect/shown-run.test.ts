import assert from "node:assert/strict";
import { test } from "node:test";
import { clientOf, nowMs, resultOf } from "../../../../test/support/gateway-parts.ts";
import type { LogReader } from "../../../runtime/kafka/log-reader.ts";
import { viewOf } from "../run-view.ts";
import { runDocument, shownRun, type ShownRunParts } from "./shown-run.ts";

const runId = "0198c5a0-0000-7000-8000-0000000000a1";
const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
const at = new Date(nowMs).toISOString();

const ended = {
  run_id: runId,
  status: "ok",
  decided_by: "output-validate",
  client_id: "acme",
  feature: null,
  harness: "summarise",
  harness_version: "0123456789abcdef",
  batch_id: null,
  document: null,
  replay_of: null,
  attempts: 1,
  calls: 1,
  input_tokens: 1,
  output_tokens: 1,
  cost_usd: "0.1",
  unpriced_calls: 0,
  answered_provider: "openai",
  answered_model: "gpt-4o",
  reason_codes: [],
  reason_rules: [],
  reason_paths: [],
  received_at: at,
  finished_at: at,
  duration_ms: 0,
  origin_topic: "harness-requests",
  origin_partition: 0,
  origin_offset: "1",
  result_partition: 2,
  result_offset: "41",
};

interface Situation {
  /** The ledger's row of the result; null while there is none. */
  readonly row?: object | null;
  /** Whether the record is still on harness-results. */
  readonly isKept?: boolean;
  /** What the desk finds for this client. */
  readonly desk?: string;
}

function partsIn({ row = null, isKept = true, desk }: Situation): ShownRunParts {
  const recordAt: LogReader["recordAt"] = (place) =>
    Promise.resolve(
      isKept && place.partition === 2 && place.offset === 41n
        ? {
            ...place,
            timestampMs: nowMs,
            key: Buffer.from(runId),
            value: Buffer.from(JSON.stringify(resultOf(runId))),
            headers: { traceparent: `00-${trace}-00f067aa0ba902b7-01` },
          }
        : null,
    );
  return {
    desk: { find: (_, clientId) => Promise.resolve(clientId === desk ? { kind: "running" } : null) },
    ledger: { query: (sql) => Promise.resolve(sql.includes("FROM run_results") && row !== null ? [row] : []) },
    reader: { recordAt },
    traceUrlTemplate: "https://traces.example/{trace_id}",
  };
}

const acme = clientOf("acme");
const admin = clientOf("root", { admin: true });

for (const [name, situation, client, state] of [
  ["its client sees a run that ended", { row: ended }, acme, "ended"],
  ["an admin does", { row: ended }, admin, "ended"],
  ["another client does not", { row: ended }, clientOf("other"), null],
  ["an admin sees one whose client nobody could read", { row: { ...ended, client_id: null } }, admin, "ended"],
  ["a client sees none without a client", { row: { ...ended, client_id: null } }, acme, null],
  ["its client sees one that goes on", { desk: "acme" }, acme, "running"],
  ["another client sees none that goes on", { desk: "acme" }, clientOf("other"), null],
  ["nobody sees what there is not", {}, admin, null],
] as const) {
  test(name, async () => {
    assert.equal((await shownRun(partsIn(situation), runId, client))?.state ?? null, state);
  });
}

test("what is shown is the result itself, with the link to its trace", async () => {
  const run = await shownRun(partsIn({ row: ended }), runId, acme);
  const { timeline: _, trace: link, ...view } = runDocument.parse(JSON.parse(JSON.stringify(run)));
  assert.deepEqual(view, JSON.parse(JSON.stringify(viewOf(runId, { kind: "ended", result: resultOf(runId) }))));
  assert.deepEqual(link, { trace_id: trace, url: `https://traces.example/${trace}` });
});

test("a run whose result has left its topic is shown without its answer", async () => {
  const run = runDocument.parse(await shownRun(partsIn({ row: ended, isKept: false }), runId, acme));
  assert.deepEqual([run.state, run.status, run.not_kept, run.output], ["ended", "ok", true, undefined]);
  assert.equal(run.timeline?.result?.cost_usd, "0.1");
});
