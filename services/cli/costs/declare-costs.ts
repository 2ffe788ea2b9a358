/**
 * Declares `costs` and the questions under it. What all of them take is an
 * option of `costs`; each says in its own help what it is split by.
 */
import { Option, type Command } from "commander";
import { costDimension } from "../../ledger/costs.ts";
import { questions, type Question } from "../../ledger/questions/questions.ts";
import type { Runner } from "../program/command.ts";

export function declareCosts(program: Command, run: Runner): void {
  const costs = program
    .command("costs")
    .description("what was paid, from the ledger; under it, what moved, what was saved and what reliability costs")
    .option("--by <dimensions>", "what to split it by, comma separated")
    .option("--since <time>", "from then on: a duration back from now (30d, 12h), a day or a time (UTC)")
    .option("--until <time>", "likewise, exclusive; now when absent")
    .addOption(new Option("--from <time>", "the name that --since had first").hideHelp())
    .addOption(new Option("--to <time>", "the name that --until had first").hideHelp())
    .option("--client <id>", "only this client's")
    .option("--feature <name>", "only this feature's")
    .option("--harness <name>", "only this harness's")
    .option("--version <version>", "only this version's of the harness")
    .option("--provider <name>", "only this provider's")
    .option("--model <name>", "only this model's")
    .option("--csv", "CSV on stdout")
    .option("--chart", "drawn in the terminal")
    .addHelpText("after", costsHelp)
    .action((_options: unknown, command: Command) => run(async () => (await import("./costs.ts")).costs, command));
  for (const question of questions.filter(({ name }) => name !== "spend")) declareQuestion(costs, question, run);
  declareBurnDown(costs, run);
  declareReconcile(costs, run);
  declareStatement(costs, run);
  declareExport(costs, run);
}

function declareExport(costs: Command, run: Runner): void {
  costs
    .command("export")
    .description("a month's charges by day, as CSV for FinOps tools, of all clients or of one")
    .requiredOption("--focus", "with the columns of FOCUS 1.2")
    .requiredOption("--month <month>", "UTC, for example 2026-10")
    .addHelpText("after", "\nExample:\n  npx breakwater costs export --focus --month 2026-10 > focus-2026-10.csv")
    .action((_options: unknown, command: Command) =>
      run(async () => (await import("./export-focus.ts")).exportFocus, command),
    );
}

function declareStatement(costs: Command, run: Runner): void {
  costs
    .command("statement")
    .description("what a client's month cost: lines, orphans, unknown costs, price versions")
    .requiredOption("--month <month>", "UTC, for example 2026-10")
    .option("--html", "a page to print, on stdout")
    .addHelpText(
      "after",
      "\nExample:\n  npx breakwater costs statement --client acme --month 2026-10 --html > october.html",
    )
    .action((_options: unknown, command: Command) =>
      run(async () => (await import("./statement.ts")).showStatement, command),
    );
}

const costsHelp = `
Split by ${costDimension.options.join(", ")};
by harness,model,client when --by is absent.

Examples:
  npx breakwater costs --by feature --since 30d
  npx breakwater costs --by feature,day --since 2026-11-01 --until 2026-12-01 --chart
  npx breakwater costs movers --by feature --since 7d
  npx breakwater costs --by client,month --csv > costs.csv

Orphans are calls that left and were never heard of again (a crash). Where a cost is
not known exactly, the table says what it is at least and at most.`;

function declareQuestion(costs: Command, question: Question, run: Runner): void {
  const { name, summary, dimensions, by } = question;
  const split = [...by, dimensions.find((dimension) => dimension === "day")].join(",");
  costs
    .command(name)
    .description(`${summary[0]?.toLowerCase()}${summary.slice(1)}`)
    .option("--limit <rows>", "most rows, from 1 to 10000", "1000")
    .addHelpText(
      "after",
      `
Split by up to four of ${dimensions.join(", ")};
${by.length === 0 ? "not split" : `by ${by.join(",")}`} when --by is absent. The last 30 days when --since is absent, in whole hours.

Examples:
  npx breakwater costs ${name} --since 7d
  npx breakwater costs ${name} --by ${split} --chart
  npx breakwater costs ${name} --since 2026-11-01 --until 2026-12-01 --json`,
    )
    .action((_options: unknown, command: Command) =>
      run(async () => (await import("./ask.ts")).ask(question), command),
    );
}
function declareBurnDown(costs: Command, run: Runner): void {
  costs
    .command("burn-down")
    .description("how fast budgets are used up, and when they will be at the pace so far and of the last seven days")
    .addHelpText(
      "after",
      "\nExamples:\n  npx breakwater costs burn-down\n  npx breakwater costs burn-down --client acme --json",
    )
    .action((_options: unknown, command: Command) =>
      run(async () => (await import("./burn-down.ts")).showBurnDown, command),
    );
}

function declareReconcile(costs: Command, run: Runner): void {
  costs
    .command("reconcile")
    .description("a provider's usage report (OpenAI's or Anthropic's, JSON or CSV) against the ledger")
    .argument("<file>")
    .option(
      "--provider <name>",
      "whose report it is, where the providers file names who is billed so (else by its layout)",
    )
    .addHelpText(
      "after",
      `
Examples:
  npx breakwater costs reconcile usage-november.csv
  npx breakwater costs reconcile usage-eu.json --provider openai-eu

Compares calls and tokens of each model on each day (UTC) and lists what differs: the
provider's figure less the ledger's. Ask for the report by model and by day.
Exit status 1 when something differs.`,
    )
    .action((_file: unknown, _options: unknown, command: Command) =>
      run(async () => (await import("../reconcile/reconcile.ts")).reconcile, command),
    );
}
