/**
 * Declares the commands that look: `runs`, `breakers`, `status`; `costs` is declared beside its own.
 */
import type { Command } from "commander";
import { declareCosts } from "../costs/declare-costs.ts";
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
