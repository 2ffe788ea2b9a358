/** Declares the commands on what operators are told: `alerts list | tail`. */
import type { Command } from "commander";
import type { Runner } from "../program/command.ts";

export function declareAlerts(program: Command, run: Runner): void {
  const alerts = program.command("alerts").description("what was told of budgets and of surges in spend");
  alerts
    .command("list")
    .description("the alerts, newest first, as far back as they are kept (40 days)")
    .option("--since <time>", "from then on: a duration back from now (7d), a day (UTC) or a time")
    .option("--kind <kind>", "budget.threshold, budget.refusing or spend.anomaly")
    .option("--client <id>", "of this client's budgets and spend")
    .option("--limit <count>", "at most so many", "50")
    .addHelpText("after", "\nExample:\n  npx breakwater alerts list --since 7d --kind spend.anomaly")
    .action((_options: unknown, command: Command) =>
      run(async () => (await import("./alerts.ts")).listAlerts, command),
    );
  alerts
    .command("tail")
    .description("each alert as it is raised, a line each, until Ctrl-C; JSON lines with --json")
    .addHelpText("after", "\nExample:\n  npx breakwater alerts tail --json")
    .action((_options: unknown, command: Command) =>
      run(async () => (await import("./alerts.ts")).tailAlerts, command),
    );
}
