/**
 * `publish`: one request onto harness-requests; with --wait, its result.
 */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { text as readStream } from "node:stream/consumers";
import { z } from "zod";
import { maxRequestBytes, runRequest, type RunRequest } from "../../../schemas/records/run-request.ts";
import {
  awaitResults,
  describeReasons,
  describeResult,
  partitionOfResult,
  resultEnds,
  type FoundResult,
} from "../await-results.ts";
import { withKafka, type KafkaConnection } from "../connections.ts";
import { readHarnesses, requireHarness, textFieldOf } from "../control-topic.ts";
import { CommandError, exitCodes, type ExitCode } from "../exit-codes.ts";
import { answerText } from "../insight/answer-text.ts";
import { parseOptions, seconds, unreadable, type CommandAction, type CommandContext } from "../program/command.ts";
import { requestEmission } from "../../runtime/requests/request-record.ts";
import { newRunId } from "../../runtime/requests/run-ids.ts";

const publishOptions = z.object({
  harness: z.string(),
  client: z.string(),
  input: z.string().optional(),
  text: z.string().optional(),
  file: z.string().optional(),
  options: z.string().optional(),
  feature: z.string().optional(),
  subject: z.string().optional(),
  correlation: z.string().optional(),
  runId: z.uuid("a UUID").optional(),
  wait: z.boolean().default(false),
  timeout: seconds,
});
type PublishOptions = z.output<typeof publishOptions>;

export const publish: CommandAction = async (context, { options: given }) => {
  const options = parseOptions(publishOptions, given);
  const inputs = [options.input, options.text, options.file].filter((value) => value !== undefined);
  if (inputs.length !== 1) throw new CommandError(exitCodes.usage, "give the input once: --input, --text or --file");
  return withKafka(context.env, (kafka) => publishOne(kafka, context, options));
};

async function publishOne(kafka: KafkaConnection, context: CommandContext, options: PublishOptions): Promise<ExitCode> {
  const request = await buildRequest(kafka, options);
  const starts = options.wait ? await resultStarts(kafka, options) : [];
  const producer = await kafka.producer();
  const [ack] = await producer.publish([requestEmission(request)]);
  if (ack === undefined) throw new CommandError(exitCodes.unreachable, "the broker did not say where the request is");
  const { screen } = context;
  const place = { topic: ack.topic, partition: ack.partition, offset: ack.offset.toString() };
  if (!options.wait) {
    screen.result(request.run_id);
    screen.document({ run_id: request.run_id, ...place });
    screen.note(
      `published to ${place.topic}/${place.partition}/${place.offset}; its result: npx breakwater runs show ${request.run_id}`,
    );
    return exitCodes.ok;
  }
  screen.note(`run ${request.run_id}: waiting for its result`);
  const found = await awaitResults({
    reader: kafka.reader,
    starts,
    runIds: [request.run_id],
    timeoutMs: options.timeout * 1000,
    signal: context.signal,
  });
  return showFound(context, request.run_id, found.get(request.run_id));
}

/** A run id that was given may have been published before: its result may be there already. */
function resultStarts(
  { reader }: KafkaConnection,
  { runId }: PublishOptions,
): Promise<readonly { readonly partition: number; readonly from: bigint }[]> {
  return runId === undefined ? resultEnds(reader) : partitionOfResult(reader, runId);
}

function showFound({ screen }: CommandContext, runId: string, found: FoundResult | undefined): ExitCode {
  if (found === undefined) {
    throw new CommandError(
      exitCodes.notOk,
      `no result of ${runId} yet: the run goes on, look again with \`npx breakwater runs show ${runId}\``,
    );
  }
  screen.document(found.result);
  const answer = answerText(found.result);
  if (answer !== "") screen.result(answer);
  for (const line of describeReasons(found.result)) screen.note(line);
  screen.note(describeResult(found.result));
  return found.result.status === "ok" ? exitCodes.ok : exitCodes.notOk;
}

async function buildRequest(
  kafka: KafkaConnection,
  options: PublishOptions,
): Promise<RunRequest & { readonly run_id: string }> {
  const runId = options.runId ?? newRunId();
  const parsed = runRequest.safeParse({
    run_id: runId,
    harness: options.harness,
    client_id: options.client,
    feature: options.feature,
    subject_id: options.subject,
    correlation_id: options.correlation,
    input: await readInput(kafka, options),
    options: options.options === undefined ? undefined : parseInput(options.options, "--options"),
  });
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `/${issue.path.map(String).join("/")}: ${issue.message}`);
    throw new CommandError(exitCodes.usage, `this is no request:\n${problems.join("\n")}`);
  }
  const bytes = Buffer.byteLength(JSON.stringify(parsed.data));
  if (bytes > maxRequestBytes)
    throw new CommandError(exitCodes.usage, `the request has ${bytes} bytes; one holds at most ${maxRequestBytes}`);
  return { ...parsed.data, run_id: runId };
}

async function readInput(kafka: KafkaConnection, { input, text, file, harness }: PublishOptions): Promise<unknown> {
  const definition = requireHarness(await readHarnesses(kafka.reader), harness);
  if (input !== undefined) return parseInput(input, "--input");
  const content = file === undefined ? (text ?? "") : await readText(file);
  if (file !== undefined && path.extname(file) === ".json") return parseInput(content, file);
  return { [textFieldOf(definition)]: content };
}

export async function readText(file: string): Promise<string> {
  try {
    return file === "-"
      ? await readStream(process.stdin)
      : new TextDecoder("utf-8", { fatal: true }).decode(await readFile(file));
  } catch (error) {
    throw new CommandError(exitCodes.usage, `${file}: ${unreadable(error)}`);
  }
}

function parseInput(text: string, from: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    throw new CommandError(exitCodes.usage, `${from} is not JSON`);
  }
}
