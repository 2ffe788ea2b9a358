/**
 * `check`: tries a harness's output policy on answers of one's own, offline: one
 * decision a line, in the order of the lines. A line that cannot be read is
 * answered with why, and the others go on. Answers go to stdout, since that was
 * asked for, and nowhere else.
 */
import { z } from "zod";
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { parseOptions, type CommandAction } from "../program/command.ts";
import { findHarness } from "../scan/find-harness.ts";
import { openInput } from "../scan/open-input.ts";
import { splitLines } from "../scan/split-lines.ts";
import { describeSummary, Tally } from "../scan/tally.ts";
import type { Screen } from "../screen.ts";
import { checkActions, checkAnswer } from "./check-answer.ts";
import { readAnswerLine } from "./read-line.ts";

const checkOptions = z.object({
  harness: z.string(),
  jsonl: z.union([z.string(), z.literal(true)]),
  stats: z.boolean().default(false),
});

export const check: CommandAction = async ({ screen }, { options }) => {
  const { harness, jsonl, stats } = parseOptions(checkOptions, options);
  const input = await openInput(jsonl);
  const { definition } = await findHarness(harness);
  return checkLines(splitLines(input), { definition, stats }, screen);
};

interface Check {
  readonly definition: HarnessDefinition;
  readonly stats: boolean;
}

async function checkLines(lines: AsyncIterable<string>, settings: Check, screen: Screen): Promise<ExitCode> {
  const tally = new Tally(checkActions);
  const startedMs = performance.now();
  let line = 0;
  for await (const raw of lines) {
    line += 1;
    if (raw.trim() === "") continue;
    const given = readAnswerLine(raw);
    const checked = "error" in given ? given : checkAnswer(given, settings.definition);
    if ("error" in checked) {
      tally.addBadLine();
      screen.line({ line, error: checked.error });
      continue;
    }
    tally.add(checked);
    screen.line({ line, ...("id" in given ? { id: given.id } : {}), ...checked });
  }
  if (settings.stats) {
    const summary = tally.summary(performance.now() - startedMs);
    if (screen.json) screen.line({ stats: summary });
    for (const sentence of describeSummary(summary)) screen.note(sentence);
  }
  return tally.badLines === 0 ? exitCodes.ok : exitCodes.notOk;
}
