/**
 * `runs show`: what happened to one run, from the ledger, and its result with
 * the output, read from harness-results where the ledger says it stands.
 * `runs list`: the latest runs, those in review among them, and how many those are.
 */
import { z } from "zod";
import type { RunResult } from "../../../schemas/records/run-result.ts";
import { countInReview } from "../../ledger/runs/count-in-review.ts";
import { searchRuns } from "../../ledger/runs/search-runs.ts";
import { runTimeline, type LedgerRun, type RunTimeline } from "../../ledger/timeline.ts";
import { parseResult } from "../../runtime/first-results.ts";
import { describeReasons, describeResult } from "../await-results.ts";
import { withKafka, withLedger } from "../connections.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { answerText } from "../insight/answer-text.ts";
import { renderTimeline, timelineOf, waitingReview } from "../insight/timeline.ts";
import { describeWaiting } from "../reviews/show-reviews.ts";
import { parseOptions, type CommandAction, type CommandContext } from "../program/command.ts";
import type { Table } from "../table.ts";

export const showRun: CommandAction = async (context, { words }) => {
  const { screen, env } = context;
  const runId = z.uuid().safeParse(words[0]).data;
  if (runId === undefined) throw new CommandError(exitCodes.usage, `${words[0] ?? ""} is not a run id`);
  const timeline = await withLedger(env, (store) => runTimeline(store, runId));
  if (timeline.result === null && timeline.calls.length === 0 && timeline.decisions.length === 0) {
    throw new CommandError(
      exitCodes.notOk,
      `the ledger knows no run ${runId}: it is not one, or it was published a moment ago`,
    );
  }
  const result = timeline.result === null ? null : await readResult(context, timeline.result);
  const state = waitingReview(timeline) === null ? {} : { state: "in_review" };
  screen.document({
    run_id: runId,
    ...state,
    ...timeline,
    output: result?.output ?? null,
    tool_calls: result?.tool_calls ?? null,
    stale: result?.stale ?? null,
  });
  screen.result(renderTimeline(timelineOf(timeline), screen.width));
  if (timeline.result === null) screen.note(`\n${unfinished(timeline)}`);
  else if (result === null)
    screen.note(`\n${timeline.result.status}; the result itself is not kept on harness-results any more.`);
  else {
    const answer = answerText(result);
    const said = answer === "" ? [] : ["", answer];
    screen.result(["", describeResult(result), ...describeReasons(result), ...said].join("\n"));
  }
  return exitCodes.ok;
};

function unfinished(timeline: RunTimeline): string {
  const held = waitingReview(timeline);
  if (held === null) return "No result yet.";
  return `In review since ${held.at}: see \`breakwater reviews show\`.`;
}

async function readResult({ env }: CommandContext, run: LedgerRun): Promise<RunResult | null> {
  const place = { topic: "harness-results", partition: run.result_partition, offset: BigInt(run.result_offset) };
  const record = await withKafka(env, ({ reader }) => reader.recordAt(place));
  const result = parseResult(record?.value ?? null);
  return result?.run_id === run.run_id ? result : null;
}

const limits = "a whole number from 1 to 100,000";
const listOptions = z.object({
  client: z.string().optional(),
  status: z.string().optional(),
  limit: z.coerce.number(limits).int(limits).min(1, limits).max(100_000, limits),
});

export const listRuns: CommandAction = async ({ screen, env }, { options }) => {
  const { limit, ...filter } = parseOptions(listOptions, options);
  const [runs, waiting] = await withLedger(env, (store) =>
    Promise.all([searchRuns(store, filter, { limit }), countInReview(store, filter.client)]),
  );
  screen.document(runs);
  if (runs.length === 0) screen.note("No runs.");
  else screen.table(runsTable(runs));
  if (waiting > 0) screen.note(describeWaiting(waiting));
  return exitCodes.ok;
};

/** Documents have a column when there are any. */
function runsTable(runs: Awaited<ReturnType<typeof searchRuns>>): Table {
  const documents = runs.some(({ document }) => document !== null);
  return {
    columns: [
      { head: "run" },
      { head: "status" },
      { head: "client", shrink: 8 },
      { head: "harness", shrink: 8, drop: 2 },
      ...(documents ? [{ head: "document", shrink: 16, drop: 4 }] : []),
      { head: "attempts", align: "right", drop: 6 },
      { head: "calls", align: "right", drop: 5 },
      { head: "cost USD", align: "right" },
      { head: "seconds", align: "right", drop: 3 },
      { head: "finished", drop: 1 },
    ],
    rows: runs.map((run) => [
      run.run_id,
      run.status,
      run.client_id ?? "-",
      run.harness ?? "-",
      ...(documents ? [run.document ?? "-"] : []),
      String(run.attempts),
      String(run.calls),
      run.cost_usd ?? (run.calls === 0 ? "0" : "unknown"),
      run.duration_ms === null ? "-" : (run.duration_ms / 1000).toFixed(1),
      run.finished_at?.slice(0, 19) ?? "-",
    ]),
  };
}
