/**
 * Tries packs on texts: a text from the command line, or a file of JSON lines
 * with `text` and, optionally, `channel`. What is found is told by place and
 * rule, never by the words that were matched.
 */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { z } from "zod";
import { channel, type Channel } from "../../../schemas/parts/channel.ts";
import type { InjectionScanner, SignatureMatch } from "../../guards/injection/scanner.ts";
import { fold } from "../../guards/text/fold.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { unreadable } from "../program/command.ts";

export interface TriedText {
  /** From 1. */
  readonly line: number;
  readonly channel: Channel;
  readonly matches: readonly SignatureMatch[];
  readonly micros: number;
}

export interface GivenText {
  readonly text: string;
  readonly channel: Channel;
}

const jsonLine = z.object({ text: z.string(), channel: channel.default("user") });

export function tryText(scanner: InjectionScanner, given: GivenText, line: number): TriedText {
  const start = performance.now();
  const matches = scanner.scan(fold(given.text), { channel: given.channel, draw: 0 });
  return { line, channel: given.channel, matches, micros: Math.round((performance.now() - start) * 1000) };
}

/** Blank lines are passed over. Errors: CommandError that names the file and the line. */
export async function* readJsonLines(file: string): AsyncGenerator<GivenText & { readonly line: number }> {
  let line = 0;
  try {
    for await (const text of createInterface({ input: createReadStream(file, "utf8"), crlfDelay: Infinity })) {
      line++;
      if (text.trim() !== "") yield { ...jsonLine.parse(JSON.parse(text)), line };
    }
  } catch (error) {
    const isContent = error instanceof SyntaxError || error instanceof z.ZodError;
    const why = isContent ? 'not a JSON object with "text" (and "channel")' : unreadable(error);
    throw new CommandError(exitCodes.usage, isContent ? `${file}:${line}: ${why}` : `${file}: ${why}`);
  }
}
