/** The lines that an offline command works on: a file's, or those of stdin. */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { unreadable } from "../program/command.ts";

/** Errors: CommandError when the file cannot be read. */
export async function openInput(jsonl: string | true): Promise<AsyncIterable<Buffer | string>> {
  if (jsonl === true || jsonl === "-") return process.stdin;
  const found = await stat(jsonl).catch((error: unknown) => unreadable(error));
  const problem = typeof found === "string" ? found : found.isDirectory() ? "it is a folder" : null;
  if (problem !== null) throw new CommandError(exitCodes.usage, `--jsonl: ${jsonl}: ${problem}`);
  return createReadStream(jsonl);
}
