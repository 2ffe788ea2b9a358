/**
 * `scan`: tries a policy on texts of one's own, offline: one decision a line,
 * in the order of the lines. A line that cannot be read is answered with why,
 * and the others go on. Texts go to stdout, since that was asked for, and
 * nowhere else.
 */
import { z } from "zod";
import { channel } from "../../../schemas/parts/channel.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { parseOptions, type CommandAction } from "../program/command.ts";
import type { Screen } from "../screen.ts";
import { openInput } from "./open-input.ts";
import { openPolicy } from "./open-policy.ts";
import { readLine } from "./read-line.ts";
import { splitLines } from "./split-lines.ts";
import { actions, scanText, type ScanPolicy } from "./scan-text.ts";
import { describeSummary, Tally } from "./tally.ts";

const scanOptions = z.object({
  harness: z.string(),
  jsonl: z.union([z.string(), z.literal(true)]),
  signatures: z.array(z.string()).default([]),
  channel: channel.default("user"),
  stats: z.boolean().default(false),
});

export const scan: CommandAction = async ({ screen, env }, { options }) => {
  const { jsonl, stats, ...given } = parseOptions(scanOptions, options);
  const input = await openInput(jsonl);
  const policy = await openPolicy(given, env);
  return scanLines(splitLines(input), { ...policy, channel: given.channel, stats }, screen);
};

interface Scan extends ScanPolicy {
  readonly channel: z.output<typeof channel>;
  readonly stats: boolean;
}

export async function scanLines(lines: AsyncIterable<string>, settings: Scan, screen: Screen): Promise<ExitCode> {
  const tally = new Tally(actions);
  const startedMs = performance.now();
  let line = 0;
  for await (const raw of lines) {
    line += 1;
    if (raw.trim() === "") continue;
    const given = readLine(raw);
    if ("error" in given) {
      tally.addBadLine();
      screen.line({ line, error: given.error });
      continue;
    }
    const scanned = scanText(given.text, given.channel ?? settings.channel, settings);
    tally.add(scanned);
    screen.line({ line, ...(given.id === undefined ? {} : { id: given.id }), ...scanned });
  }
  if (settings.stats) {
    const summary = tally.summary(performance.now() - startedMs);
    if (screen.json) screen.line({ stats: summary });
    for (const sentence of describeSummary(summary)) screen.note(sentence);
  }
  return tally.badLines === 0 ? exitCodes.ok : exitCodes.notOk;
}
