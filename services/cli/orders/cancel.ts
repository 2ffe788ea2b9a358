/**
 * `runs cancel` and `batch cancel`: what has no result yet ends as cancelled,
 * and nothing more is paid for it. A run that has its result keeps it.
 */
import { z } from "zod";
import type { CancelTarget } from "../../../schemas/control/command.ts";
import { cancellation } from "../../runtime/commands/order-record.ts";
import { awaitResults, describeResult, partitionOfResult } from "../await-results.ts";
import { batchId, batchPaths, readBatchState } from "../batch/batch-files.ts";
import { homeOf, withKafka } from "../connections.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { operatorOf, parseOptions, seconds, type CommandAction } from "../program/command.ts";
import { writeOrder } from "./order.ts";

const reason = z.string().min(1).max(200, "at most 200 characters").optional();
const runOptions = z.object({ reason, timeout: seconds });
const batchOptions = z.object({ reason, client: z.string().min(1).max(128).optional() });

export const cancelRun: CommandAction = async ({ screen, env, signal }, { words, options }) => {
  const runId = z.uuid().safeParse(words[0]).data;
  if (runId === undefined) throw new CommandError(exitCodes.usage, `${words[0] ?? ""} is not a run id`);
  const { reason: why, timeout } = parseOptions(runOptions, options);
  const target: CancelTarget = { scope: "run", run_id: runId };
  const found = await withKafka(env, async (kafka) => {
    await writeOrder(kafka, target, { order: cancellation(target, why, Date.now()), by: operatorOf(options) });
    const starts = await partitionOfResult(kafka.reader, runId);
    return await awaitResults({ reader: kafka.reader, starts, runIds: [runId], timeoutMs: timeout * 1000, signal });
  });
  const result = found.get(runId)?.result;
  screen.document({ run_id: runId, status: result?.status ?? null });
  if (result === undefined)
    screen.result(
      `No result of ${runId} within ${timeout} s: it is cancelled when its turn comes, if there is such a run`,
    );
  else if (result.status === "cancelled") screen.result(describeResult(result));
  else screen.result(`Too late: the run has its result, ${describeResult(result)}`);
  return result?.status === "cancelled" ? exitCodes.ok : exitCodes.notOk;
};

export const cancelBatch: CommandAction = async ({ screen, env }, { words, options }) => {
  const given = batchId.safeParse(words[0]);
  if (!given.success) throw new CommandError(exitCodes.usage, given.error.issues[0]?.message ?? "is no batch id");
  const { reason: why, client } = parseOptions(batchOptions, options);
  const state = await readBatchState(batchPaths(homeOf(env), given.data).state);
  const clientId = client ?? state.start?.client_id;
  if (clientId === undefined)
    throw new CommandError(exitCodes.usage, `The batch ${given.data} was not started here: name its --client.`);
  const target: CancelTarget = { scope: "batch", client_id: clientId, batch_id: given.data };
  const order = cancellation(target, why, Date.now());
  await withKafka(env, (kafka) => writeOrder(kafka, target, { order, by: operatorOf(options) }));
  screen.result(`batch ${given.data} of ${clientId} is cancelled: documents without a result end as cancelled`);
  screen.document(order);
  return exitCodes.ok;
};
