/**
 * `batch`: documents in, one JSON line a document out. Resolves what the
 * command line leaves open (the batch's id, the harness's version, the field),
 * holds the batch's lock, and says how it ended.
 */
import { createHash } from "node:crypto";
import { copyFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { batchId } from "../batch/batch-files.ts";
import { documentExtensions, findDocuments } from "../batch/documents/find-documents.ts";
import { describeNote } from "../batch/reading/document-note.ts";
import { describeTally, openProgress } from "../batch/progress.ts";
import type { BatchReport } from "../batch/run-batch.ts";
import { startOrResume, type BatchOrder, type BatchOutcome } from "../batch/start-or-resume.ts";
import { tallyDocument } from "../batch/tally.ts";
import { describeWaiting } from "../reviews/show-reviews.ts";
import { homeOf, withKafka } from "../connections.ts";
import { CommandError, exitCodes, Interruption, type ExitCode } from "../exit-codes.ts";
import { parseOptions, type CommandAction, type CommandContext } from "../program/command.ts";
import type { Screen } from "../screen.ts";
import { printable } from "../table.ts";

const unitsMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const duration = "minutes, hours or days up to a week, for example 90m, 24h or 2d";
const deadline = z
  .string()
  .regex(/^[1-9]\d{0,4}[mhd]$/, duration)
  .transform((text) => Number(text.slice(0, -1)) * (unitsMs[text.slice(-1)] ?? 0))
  .refine((ms) => ms <= 7 * 86_400_000, duration);

const batchOptions = z.object({
  harness: z.string("required option: harness to run"),
  client: z.string("required option: who pays").min(1).max(128),
  id: batchId.optional(),
  out: z.string().optional(),
  field: z.string().optional(),
  deadline,
  feature: z.string().min(1).max(128).optional(),
});
type BatchOptions = z.output<typeof batchOptions>;

export const batch: CommandAction = async (context, { words, options: given }) => {
  const options = parseOptions(batchOptions, given);
  const home = homeOf(context.env);
  const found = await findDocuments(words, process.cwd());
  if (found.names.length === 0) {
    throw new CommandError(
      exitCodes.usage,
      found.problems.map(({ name, message }) => `${printable(name)}: ${message}`).join("\n") ||
        `no files there of a kind that is read (${documentExtensions.join(", ")})`,
    );
  }
  const order: BatchOrder = {
    home,
    folder: process.cwd(),
    batchId: options.id ?? defaultId(options, words),
    harness: options.harness,
    clientId: options.client,
    feature: options.feature,
    field: options.field,
    deadlineMs: options.deadline,
    names: found.names,
    problems: found.problems,
  };
  const outcome = await followBatch(context, order);
  const file = await deliver(outcome.resultsFile, options.out);
  return sayOutcome(context, order.batchId, outcome, file);
};

/** Runs it with a progress line. Exported for the demonstration, which runs one too. */
export async function followBatch(context: CommandContext, order: BatchOrder): Promise<BatchOutcome> {
  const { screen, env, signal } = context;
  const progress = openProgress(screen);
  const quiet = sayWhenQuiet(screen);
  try {
    return await withKafka(env, (kafka) =>
      startOrResume(order, {
        kafka,
        signal,
        say: (line) => screen.note(line),
        onProgress: (now) => {
          quiet.reset(now.inReview);
          progress.update(now);
        },
      }),
    );
  } catch (error) {
    if (!(error instanceof Interruption)) throw error;
    progress.close();
    screen.note(
      `Stopped. What was published goes on; the same command again carries on from here (batch ${order.batchId}).`,
    );
    throw error;
  } finally {
    quiet.stop();
    progress.close();
  }
}

const quietMs = 60_000;

/** A batch waits as long as it takes; a person should know what for. */
function sayWhenQuiet(screen: Screen): { reset(inReview: number): void; stop(): void } {
  let waiting = 0;
  const timer = setInterval(() => {
    const cause = waiting === 0 ? "Do the stages run?" : describeWaiting(waiting);
    screen.note(`No result for a minute. ${cause} Ctrl-C stops the waiting; the same command goes on later.`);
  }, quietMs);
  const reset = (inReview: number): void => {
    waiting = inReview;
    timer.refresh();
  };
  return { reset, stop: () => clearInterval(timer) };
}

/** The same command line is the same batch, wherever its documents have changed. */
function defaultId({ harness, client, feature, field }: BatchOptions, words: readonly string[]): string {
  const places = words.map((word) => path.resolve(word)).toSorted();
  const hash = createHash("sha256").update(JSON.stringify([harness, client, feature ?? null, field ?? null, places]));
  return `${harness}-${hash.digest("hex").slice(0, 12)}`;
}

async function deliver(resultsFile: string, out: string | undefined): Promise<string> {
  if (out === undefined) return resultsFile;
  await copyFile(resultsFile, out);
  return out;
}

function sayOutcome({ screen }: CommandContext, id: string, { report, version }: BatchOutcome, file: string): ExitCode {
  sayReport(screen, report);
  screen.note(`Results: ${file}`);
  screen.result(describeTally(report.tally));
  screen.document({
    batch_id: id,
    harness_version: version,
    results: file,
    documents: report.lines.length,
    published: report.published,
    duplicates: report.duplicates,
    with_notes: report.lines.filter(({ notes }) => notes !== undefined).length,
    ...tallyDocument(report.tally),
  });
  return report.tally.ok === report.lines.length ? exitCodes.ok : exitCodes.notOk;
}

/** What a person should know beside the totals. */
export function sayReport(screen: Screen, report: BatchReport): void {
  const say = (line: string): void => screen.note(line);
  const twins = report.lines.filter(({ duplicate_of: first }) => first !== undefined);
  for (const { document, duplicate_of: first } of twins.slice(0, 10))
    say(`${printable(document)} has the same text as ${printable(first ?? "")}: run once, paid once`);
  if (twins.length > 10) say(`... and ${twins.length - 10} more duplicates`);
  for (const { name, message } of report.problems.slice(0, 20)) say(`not published: ${printable(name)}: ${message}`);
  if (report.problems.length > 20) say(`... and ${report.problems.length - 20} more that could not be published`);
  const noted = report.lines.filter(({ notes }) => notes !== undefined);
  for (const { document, notes = [] } of noted.slice(0, 20))
    say(`${printable(document)}: ${notes.map(describeNote).join("; ")}`);
  if (noted.length > 20) say(`... and ${noted.length - 20} more with notes: see \`notes\` in the results`);
  if (report.published === 0)
    say("Nothing was published: every document was published before, and none is paid again.");
}
