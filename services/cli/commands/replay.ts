/**
 * `dlq replay`: each dead letter again, as a new run that names what it
 * replays. Asking twice gives the same run; --again makes the next one. What
 * cannot be rebuilt is said and skipped.
 */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { Actor } from "../../../schemas/audit/change.ts";
import type { RunRequest } from "../../../schemas/records/run-request.ts";
import { awaitResults, describeReasons, describeResult, resultEnds } from "../await-results.ts";
import { homeOf, withKafka, type KafkaConnection } from "../connections.ts";
import { readDeadLetter } from "../../dead-letters/dead-letter.ts";
import { eachLetter, type Letter } from "../../dead-letters/read-letters.ts";
import { wasPublished, type ReplayWish } from "../../dead-letters/replay/choose-replay.ts";
import { prepareReplay } from "../../dead-letters/replay/prepare-replay.ts";
import { replayChanges } from "../../dead-letters/replay/replay-change.ts";
import { noteReplays, readReplays } from "../dlq/replays.ts";
import { CommandError, exitCodes, type ExitCode } from "../exit-codes.ts";
import {
  operatorOf,
  parseOptions,
  seconds,
  unreadable,
  type CommandAction,
  type CommandContext,
} from "../program/command.ts";
import { tellChanges } from "../../runtime/audit/change-record.ts";
import { requestEmission } from "../../runtime/requests/request-record.ts";
import { linkedTo } from "../../runtime/telemetry/span-links.ts";
import { letterFilter, requireRef } from "./dlq.ts";

const replayNumber = "a whole number above 0";
const replayOptions = z.object({
  code: z.string().optional(),
  topic: z.string().optional(),
  edit: z.string().optional(),
  dryRun: z.boolean().default(false),
  again: z.boolean().default(false),
  replay: z.coerce.number(replayNumber).int(replayNumber).positive(replayNumber).optional(),
  wait: z.boolean().default(false),
  timeout: seconds,
});
type ReplayOptions = z.output<typeof replayOptions>;

interface Replay {
  readonly ref: string;
  readonly kind: "new" | "already" | "unusable";
  readonly run_id?: string;
  readonly replay?: number;
  readonly reason?: string;
  readonly request?: RunRequest & { readonly run_id: string };
  readonly traceparent?: string | undefined;
}

type FreshReplay = Replay & Required<Pick<Replay, "request">>;

export const replayDeadLetters: CommandAction = async (context, { words, options: given }) => {
  const options = parseOptions(replayOptions, given);
  if ((words.length === 1) === (options.code !== undefined))
    throw new CommandError(exitCodes.usage, "name one dead letter, or all with --code");
  if (options.edit !== undefined && words.length !== 1)
    throw new CommandError(exitCodes.usage, "--edit mends one dead letter: name it");
  const mended = options.edit === undefined ? undefined : await readMended(options.edit);
  return withKafka(context.env, async (kafka) => {
    const letters = await chosenLetters(kafka, words[0], options);
    const known = await readReplays(homeOf(context.env));
    const replays: Replay[] = [];
    for (const letter of letters)
      replays.push(
        await prepare({ kafka, letter, mended, known, wish: { number: options.replay, again: options.again } }),
      );
    return publishAll(kafka, context, { replays, options, by: operatorOf(given) });
  });
};

async function chosenLetters(
  { reader }: KafkaConnection,
  word: string | undefined,
  { code, topic }: ReplayOptions,
): Promise<readonly Letter[]> {
  const letters: Letter[] = [];
  if (word === undefined) {
    await eachLetter(reader, { ...letterFilter({ topic, code }), payloads: true }, (letter) => letters.push(letter));
    return letters;
  }
  const record = await reader.recordAt(requireRef(word));
  const entry = record === null ? null : readDeadLetter(record);
  if (record === null || entry === null) throw new CommandError(exitCodes.notOk, `no dead letter stands at ${word}`);
  return [{ entry, record }];
}

interface Prepared {
  readonly kafka: KafkaConnection;
  readonly letter: Letter;
  readonly mended: unknown;
  readonly known: ReadonlySet<string>;
  readonly wish: ReplayWish;
}

async function prepare({ kafka: { reader }, known, ...asked }: Prepared): Promise<Replay> {
  const isDone = async (runId: string): Promise<boolean> =>
    known.has(runId) || (await wasPublished(reader, runId, asked.letter.record.timestampMs));
  const prepared = await prepareReplay({ reader, isDone, ...asked });
  if (prepared.kind !== "unusable") {
    const { runId, ...replay } = prepared;
    return { ...replay, run_id: runId };
  }
  const { ref, kind, reason, isMendable } = prepared;
  const hint = isMendable && asked.mended === undefined ? ": give a mended request with --edit" : "";
  return { ref, kind, reason: `${reason}${hint}` };
}

async function publishAll(
  kafka: KafkaConnection,
  context: CommandContext,
  {
    replays,
    options,
    by,
  }: { readonly replays: readonly Replay[]; readonly options: ReplayOptions; readonly by: Actor },
): Promise<ExitCode> {
  const { screen, env } = context;
  const fresh = replays.flatMap(({ request, ...replay }) => (request === undefined ? [] : [{ ...replay, request }]));
  const requests = fresh.map(({ request, traceparent }) =>
    requestEmission(request, "harness-requests", linkedTo(traceparent)),
  );
  const starts = options.wait ? await resultEnds(kafka.reader) : [];
  if (!options.dryRun && requests.length > 0) {
    const { publish } = await kafka.producer();
    await tellChanges(publish, by, replayChanges(fresh, { isMended: options.edit !== undefined }));
    await publish(requests);
    await noteReplays(homeOf(env), fresh.flatMap(noteOf));
  }
  for (const replay of replays) screen.result(sentence(replay, options.dryRun));
  const runIds = requests.map(({ key }) => key);
  const results =
    options.wait && !options.dryRun && runIds.length > 0
      ? await waitFor(kafka, context, { starts, runIds, options })
      : [];
  screen.document({
    dry_run: options.dryRun,
    replays: replays.map(({ request: _request, traceparent: _trace, ...rest }) => rest),
    results,
  });
  if (replays.length === 0) screen.note("No dead letter matches.");
  const allFine =
    replays.length > 0 &&
    replays.every(({ kind }) => kind !== "unusable") &&
    results.every(({ status }) => status === "ok");
  return allFine ? exitCodes.ok : exitCodes.notOk;
}

function noteOf({
  ref,
  request: { run_id },
  replay,
}: FreshReplay): readonly Parameters<typeof noteReplays>[1][number][] {
  return replay === undefined ? [] : [{ run_id, ref, replay }];
}

interface Waiting {
  readonly starts: Awaited<ReturnType<typeof resultEnds>>;
  readonly runIds: readonly string[];
  readonly options: ReplayOptions;
}

async function waitFor(
  kafka: KafkaConnection,
  { screen, signal }: CommandContext,
  { starts, runIds, options }: Waiting,
): Promise<readonly { run_id: string; status: string }[]> {
  const found = await awaitResults({ reader: kafka.reader, starts, runIds, timeoutMs: options.timeout * 1000, signal });
  return runIds.map((runId) => {
    const result = found.get(runId)?.result;
    if (result === undefined) {
      screen.note(`${runId}: no result yet`);
      return { run_id: runId, status: "waiting" };
    }
    screen.note(`${runId}: ${describeResult(result)}`);
    for (const line of describeReasons(result)) screen.note(`  ${line}`);
    return { run_id: runId, status: result.status };
  });
}

function sentence({ ref, kind, run_id: runId, replay, reason }: Replay, dryRun: boolean): string {
  switch (kind) {
    case "new":
      return dryRun
        ? `${ref} would be replayed as run ${runId ?? ""} (replay ${replay ?? ""})`
        : `${ref} is replayed as run ${runId ?? ""} (replay ${replay ?? ""})`;
    case "already":
      return `${ref} was replayed already as run ${runId ?? ""}: nothing published (npx breakwater runs show shows it, --again makes another run)`;
    case "unusable":
      return `${ref} cannot be replayed: ${reason ?? ""}`;
  }
}

async function readMended(file: string): Promise<unknown> {
  try {
    const value: unknown = JSON.parse(await readFile(file, "utf8"));
    return value;
  } catch (error) {
    throw new CommandError(
      exitCodes.usage,
      `${file}: ${error instanceof SyntaxError ? "it is not JSON" : unreadable(error)}`,
    );
  }
}
