/**
 * Declares the commands that look: `runs`, `costs`, `breakers`, `status`.
 */
import type { Command } from "commander";
import type { Runner } from "./command.ts";

export function declareInsight(program: Command, run: Runner): void {
  declareRuns(program, run);
  declareCosts(program, run);
  declareBreakers(program, run);
  declareStatus(program, run);
}

function declareStatus(program: Command, run: Runner): void {
  program
    .command("status")
    .description(
      "whether the system works: processes of each stage, records they are behind, open breakers, answers in review",
    )
    .addHelpText(
      "after",
      "\nExample:\n  npx breakwater status --json\n\nExit status 1 when a stage has no process or a breaker is open.",
    )
    .action((_options: unknown, command: Command) =>
      run(async () => (await import("../insight/status.ts")).showStatus, command),
    );
}

function declareBreakers(program: Command, run: Runner): void {
  program
    .command("breakers")
    .description("circuit breakers of models and keys: which are open, since when, and when the next probe goes out")
    .addHelpText("after", "\nExample:\n  npx breakwater breakers --json")
    .action((_options: unknown, command: Command) =>
      run(async () => (await import("../insight/breakers.ts")).listBreakers, command),
    );
}

function declareRuns(program: Command, run: Runner): void {
  const runs = program.command("runs").description("what became of runs");
  runs
    .command("show")
    .description("one run: every decision, every call with its cost, and the result")
    .argument("<run-id>")
    .addHelpText("after", "\nExample:\n  npx breakwater runs show 0190f2c4-...")
    .action((_id: unknown, _options: unknown, command: Command) =>
      run(async () => (await import("../commands/runs.ts")).showRun, command),
    );
  runs
    .command("list")
    .description("the latest runs")
    .option("--client <id>", "only this client's")
    .option("--status <status>", "only those that ended so: ok, refused, degraded ...; or in_review")
    .option("--limit <count>", "at most so many", "20")
    .addHelpText("after", "\nExample:\n  npx breakwater runs list --status refused --limit 50")
    .action((_options: unknown, command: Command) =>
      run(async () => (await import("../commands/runs.ts")).listRuns, command),
    );
}

function declareCosts(program: Command, run: Runner): void {
  const costs = program
    .command("costs")
    .description("what was paid, from the ledger")
    .option(
      "--by <dimensions>",
      "comma separated: harness, version, client, feature, provider, model, day, batch, document, outcome, hedge",
      "harness,model,client",
    )
    .option("--from <time>", "from this day or time on (UTC), inclusive")
    .option("--to <time>", "up to this day or time (UTC), exclusive")
    .option("--client <id>", "only this client's")
    .addHelpText(
      "after",
      `
Examples:
  npx breakwater costs
  npx breakwater costs --by feature,day --from 2026-11-01 --to 2026-12-01 --json

Orphans are calls that left and were never heard of again (a crash). Where a cost is
not known exactly, the table says what it is at least and at most.`,
    )
    .action((_options: unknown, command: Command) =>
      run(async () => (await import("../commands/costs.ts")).costs, command),
    );
  declareReconcile(costs, run);
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
