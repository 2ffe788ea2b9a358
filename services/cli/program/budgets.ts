/**
 * Declares the commands on what may be spent: `budgets`.
 */
import type { Command } from "commander";
import type { Runner } from "./command.ts";

export function declareBudgets(program: Command, run: Runner): void {
  const budgets = program.command("budgets").description("what clients, features and harnesses may spend");
  targeted(budgets.command("set").description("set or change a budget; running stages take it up at once"))
    .option("--usd <amount>", "limit in US dollars")
    .option("--tokens <count>", "limit in tokens, input and output together")
    .option("--soft", "never refuse, only tell")
    .option("--alert-at <percents>", "raise an alert at these parts of the limit, or none (default: 50,80,100)")
    .option("--spent-usd <amount>", "spent in this window already; asked of the ledger when absent")
    .option("--spent-tokens <count>", "likewise, tokens")
    .addHelpText(
      "after",
      `
Examples:
  npx breakwater budgets set --client acme --window month --usd 250
  npx breakwater budgets set --harness summarise --window run --usd 0.05 --soft

Days and months are UTC. A budget without --client, --feature and --harness is for
every run. Setting it again changes its limits; what is spent stays spent.`,
    )
    .action((_options: unknown, command: Command) =>
      run(async () => (await import("../budgets/budgets.ts")).setBudget, command),
    );
  budgets
    .command("list")
    .description("every budget with what is spent, held by calls under way, and when it resets")
    .addHelpText("after", "\nExample:\n  npx breakwater budgets list --json")
    .action((_options: unknown, command: Command) =>
      run(async () => (await import("../budgets/budgets.ts")).listBudgets, command),
    );
  targeted(budgets.command("unset").description("take a budget away; exit status 1 when there is none"))
    .addHelpText("after", "\nExample:\n  npx breakwater budgets unset --client acme --window month")
    .action((_options: unknown, command: Command) =>
      run(async () => (await import("../budgets/budgets.ts")).unsetBudget, command),
    );
}

function targeted(command: Command): Command {
  return command
    .option("--client <id>", "of this client")
    .option("--feature <name>", "of this feature")
    .option("--harness <name>", "of this harness")
    .requiredOption("--window <window>", "day, month or run");
}
