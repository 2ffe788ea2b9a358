/**
 * `dlq list`: how many dead letters by code, then each with where it stood and
 * why. `dlq show`: one of them. Payloads, which hold content, are printed only
 * when asked for.
 */
import { sealedValueHeader } from "../../runtime/content/contents.ts";
import { z } from "zod";
import { withKafka } from "../connections.ts";
import {
  countByCode,
  dlqNamed,
  parseRef,
  readDeadLetter,
  type DeadLetterEntry,
  type DeadLetterRef,
} from "../../dead-letters/dead-letter.ts";
import { eachLetter, type LetterFilter } from "../../dead-letters/read-letters.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { parseOptions, type CommandAction } from "../program/command.ts";
import { printableLines } from "../screen.ts";
import { shortened } from "../table.ts";

const listOptions = z.object({ topic: z.string().optional(), code: z.string().optional() });

export const listDeadLetters: CommandAction = async ({ screen, env }, { options }) => {
  const filter = { ...letterFilter(parseOptions(listOptions, options)), payloads: false };
  const entries: DeadLetterEntry[] = [];
  await withKafka(env, ({ reader }) => eachLetter(reader, filter, ({ entry }) => entries.push(entry)));
  const counts = countByCode(entries);
  screen.document({ counts, entries });
  if (entries.length === 0) screen.note("No dead letters.");
  else {
    screen.table({
      columns: [{ head: "code" }, { head: "count", align: "right" }],
      rows: counts.map(({ code, count }) => [code, String(count)]),
    });
    screen.result("");
    screen.table({ columns: entryColumns, rows: entries.map(entryRow) });
  }
  return exitCodes.ok;
};

const entryColumns = [
  { head: "ref" },
  { head: "code" },
  { head: "stage", drop: 1 },
  { head: "at", drop: 2 },
  { head: "message", wrap: true },
];

function entryRow({ ref, code, stage, at, message }: DeadLetterEntry): readonly string[] {
  return [ref, code, stage, at.slice(0, 19), shortened(message, 80)];
}

/** Errors: CommandError for a topic that has no dead letters beside it. */
export function letterFilter({
  topic,
  code,
}: {
  readonly topic?: string | undefined;
  readonly code?: string | undefined;
}): Omit<LetterFilter, "payloads"> {
  if (topic === undefined) return { topic: undefined, code };
  const named = dlqNamed(topic);
  if (named === null) throw new CommandError(exitCodes.usage, `${topic} is not a topic that a stage reads`);
  return { topic: named, code };
}

export function requireRef(word: string | undefined): DeadLetterRef {
  const ref = parseRef(word ?? "");
  if (ref === null)
    throw new CommandError(
      exitCodes.usage,
      `${word ?? ""} is not <topic>/<partition>/<offset>, as \`dlq list\` prints it`,
    );
  return ref;
}

export const showDeadLetter: CommandAction = async ({ screen, env }, { words, options }) => {
  const { payload } = parseOptions(z.object({ payload: z.boolean().default(false) }), options);
  const ref = requireRef(words[0]);
  const record = await withKafka(env, ({ reader }) => reader.recordAt(ref));
  const entry = record === null ? null : readDeadLetter(record);
  if (record === null || entry === null)
    throw new CommandError(exitCodes.notOk, `no dead letter stands at ${words[0] ?? ""}`);
  screen.document({ ...entry, headers: record.headers, ...(payload ? { payload: payloadOf(record.value) } : {}) });
  screen.table({
    columns: [{ head: "header" }, { head: "value", wrap: true }],
    rows: Object.entries(record.headers),
  });
  if (payload)
    screen.result(`\n${record.value === null ? absent(record) : printableLines(record.value.toString("utf8"))}`);
  else screen.note(`${entry.bytes} bytes of payload; --payload prints them`);
  return exitCodes.ok;
};

function absent({ headers }: { readonly headers: Readonly<Record<string, string>> }): string {
  return sealedValueHeader in headers ? "(erased: the key that it was sealed under is gone)" : "(no value)";
}

/** As text where it is text, else base64: a script gets the exact bytes either way. */
function payloadOf(value: Buffer | null): { readonly utf8: string } | { readonly base64: string } | null {
  if (value === null) return null;
  try {
    return { utf8: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(value) };
  } catch {
    return { base64: value.toString("base64") };
  }
}
