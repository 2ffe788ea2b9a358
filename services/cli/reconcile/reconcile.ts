/**
 * `costs reconcile`: a provider's usage report against the ledger. Exit status
 * 0 when every day and model agrees, 1 when something differs.
 */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { providerName } from "../../../schemas/parts/codes.ts";
import { providerUsage } from "../../ledger/provider-usage.ts";
import { withLedger } from "../connections.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { parseOptions, unreadable, type CommandAction } from "../program/command.ts";
import { grouped, type Table } from "../table.ts";
import { compareUsage, type Comparison } from "./compare.ts";
import { readExport } from "./read-export.ts";
import { ExportError, type UsageExport } from "./usage-export.ts";

const reconcileOptions = z.object({ provider: providerName.optional() });

export const reconcile: CommandAction = async ({ screen, env }, { words, options }) => {
  const { provider: named } = parseOptions(reconcileOptions, options);
  const [file = ""] = words;
  const report = await readReport(file);
  const { from, to } = report;
  const provider = named ?? report.provider;
  const ledger = await withLedger(env, (store) => providerUsage(store, { provider, from, to }));
  const lines = compareUsage(ledger, report.usage);
  const differing = lines.filter(({ verdict }) => verdict !== "equal");
  screen.document({ provider, from, to, compared: lines.length, differing: differing.length, lines });
  screen.note(`${provider}, ${from} to ${to} (UTC days): ${lines.length - differing.length} of ${lines.length} agree.`);
  if (differing.length > 0) screen.table(differenceTable(differing));
  return differing.length === 0 ? exitCodes.ok : exitCodes.notOk;
};

async function readReport(file: string): Promise<UsageExport> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw new CommandError(exitCodes.usage, `${file}: ${unreadable(error)}`);
  });
  try {
    return readExport(text);
  } catch (error) {
    if (error instanceof ExportError) throw new CommandError(exitCodes.usage, `${file}: ${error.message}`);
    throw error;
  }
}

/** The provider's figures less the ledger's: above zero, the provider counted more. */
function differenceTable(lines: readonly Comparison[]): Table {
  const amounts = ["calls", "input", "cached", "cache write", "output", "unknown calls"];
  return {
    columns: [
      { head: "day" },
      { head: "model", shrink: 12 },
      { head: "which" },
      ...amounts.map((head) => ({ head, align: "right" }) as const),
    ],
    rows: lines.map(({ day, model, verdict, difference, ledger }) => [
      day,
      model,
      verdict.replaceAll("_", " "),
      difference.calls === null ? "-" : signed(difference.calls),
      signed(difference.inputTokens),
      signed(difference.cachedInputTokens),
      signed(difference.cacheWriteTokens),
      signed(difference.outputTokens),
      grouped(ledger?.unknownCalls ?? 0),
    ]),
  };
}

function signed(value: number): string {
  return `${value > 0 ? "+" : value < 0 ? "-" : ""}${grouped(Math.abs(value))}`;
}
