/**
 * The demonstration: the documents of examples/documents through `summarise`
 * as a batch, then the bill for it, read from the ledger once it holds every
 * call that the results speak of.
 */
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findDocuments } from "../batch/documents/find-documents.ts";
import { describeTally } from "../batch/progress.ts";
import { tallyDocument } from "../batch/tally.ts";
import { followBatch, sayReport } from "../commands/batch.ts";
import { withLedger } from "../connections.ts";
import { CommandError, exitCodes, type ExitCode } from "../exit-codes.ts";
import { costTable } from "../costs/cost-table.ts";
import { costsDocument } from "../../ledger/cost-reports/costs-document.ts";
import { costs, type CostLine } from "../../ledger/costs.ts";
import type { CommandContext } from "../program/command.ts";
import type { BroughtUp } from "./bring-up.ts";

const root = path.resolve(import.meta.dirname, "../../..");
const harnessName = "summarise";
const demoSettings = { feature: "demonstration", field: undefined, deadlineMs: 86_400_000 } as const;
const by = ["harness", "model", "client"] as const;

export interface Demonstrated {
  readonly code: ExitCode;
  readonly summary: object;
}

export async function demonstrate(context: CommandContext, home: string, broughtUp: BroughtUp): Promise<Demonstrated> {
  const { screen, signal } = context;
  const { env, standIn } = broughtUp;
  const found = await findDocuments(["examples/documents/*.txt"], root);
  const batchId = demoBatchId(broughtUp);
  screen.note("");
  const { report, resultsFile } = await followBatch(
    { screen, env, signal },
    {
      home,
      folder: root,
      batchId,
      harness: harnessName,
      clientId: "demo",
      ...demoSettings,
      ...found,
    },
  );
  sayReport(screen, report);
  screen.note(`Results: ${resultsFile}`);
  screen.result(describeTally(report.tally));
  const lines = await completeCosts(context, env, { batchId, calls: report.tally.calls });
  screen.result("");
  screen.table(costTable(by, lines));
  if (standIn) screen.note(standInWords);
  const { tally, published } = report;
  const documents = report.lines.length;
  return {
    code: documents === found.names.length && tally.notPublished === 0 ? exitCodes.ok : exitCodes.notOk,
    summary: {
      batch_id: batchId,
      results: resultsFile,
      documents,
      published,
      ...tallyDocument(tally),
      costs: costsDocument(by, lines),
    },
  };
}

const standInWords =
  "\nA stand-in made these answers up; the costs are what the named models would have charged for its tokens.";

/** Made-up answers and real ones, and those of another version, are batches of their own. */
function demoBatchId({ harnesses, standIn }: BroughtUp): string {
  const harness = harnesses.find(({ definition }) => definition.name === harnessName);
  if (harness === undefined)
    throw new CommandError(exitCodes.usage, `there is no harness ${harnessName} in harnesses/`);
  return `demo-${standIn ? "stand-in-" : ""}${harness.version}`;
}

const patienceMs = 60_000;

/** The ledger follows by a second or two. What it still lacks after a minute is said. */
async function completeCosts(
  { screen, signal }: CommandContext,
  env: BroughtUp["env"],
  batch: { readonly batchId: string; readonly calls: number },
): Promise<readonly CostLine[]> {
  return withLedger(env, async (store) => {
    for (let waitedMs = 0; ; waitedMs += 250) {
      const lines = await costs(store, by, { batch: batch.batchId });
      const settled = lines.reduce((sum, { calls, inFlight, orphans }) => sum + calls - inFlight - orphans, 0);
      if (settled >= batch.calls) return lines;
      if (waitedMs >= patienceMs) {
        screen.note(
          `The ledger holds ${settled} of ${batch.calls} calls so far; look again with \`npx breakwater costs\`.`,
        );
        return lines;
      }
      await sleep(250, undefined, { signal });
    }
  });
}
