/** Declares the commands on what models cost: `prices list | set | unset | reprice`. */
import type { Command } from "commander";
import type { Runner } from "../program/command.ts";

export function declarePrices(program: Command, run: Runner): void {
  const prices = program.command("prices").description("negotiated prices, which go before the list prices");
  declareSet(prices, run);
  declareReprice(prices, run);
  prices
    .command("list")
    .description("every negotiated price: US dollars per million tokens, and when it holds (UTC)")
    .addHelpText("after", "\nExample:\n  npx breakwater prices list --json")
    .action((_options: unknown, command: Command) =>
      run(async () => (await import("./prices.ts")).listPrices, command),
    );
  prices
    .command("unset")
    .description("take a price away, by the id that `prices list --json` shows; exit status 1 when there is none")
    .argument("<price-id>")
    .addHelpText("after", "\nExample:\n  npx breakwater prices unset 'openai/gpt-4o*@2026-12-01T00:00:00.000Z'")
    .action((_id: unknown, _options: unknown, command: Command) =>
      run(async () => (await import("./prices.ts")).unsetPrice, command),
    );
}

function declareReprice(prices: Command, run: Runner): void {
  prices
    .command("reprice")
    .description("what the ledger's calls would have cost under the prices in force now, beside what they did cost")
    .requiredOption("--from <time>", "calls from this day or time on (UTC), inclusive")
    .option("--to <time>", "up to this day or time (UTC), exclusive; now when absent")
    .option("--client <id>", "only this client's")
    .option("--provider <name>", "only calls through this provider")
    .option("--model <name>", "only calls that asked for this model")
    .option("--csv", "CSV on stdout")
    .option("--write", "record it beside the ledger (table repricings, view repriced_calls)")
    .addHelpText(
      "after",
      `
Example:
  npx breakwater prices reprice --from 2026-11-01 --to 2026-12-01 --client acme

The costs that are stamped on calls stand, with --write too. A call whose usage is not
known is not priced again; sums are over calls whose cost is known both ways.`,
    )
    .action((_options: unknown, command: Command) =>
      run(async () => (await import("./repricing/reprice.ts")).reprice, command),
    );
}

function declareSet(prices: Command, run: Runner): void {
  prices
    .command("set")
    .description("set or change a price; running stages price their next call by it")
    .requiredOption("--provider <name>", "by its name in the price table, as openai, anthropic or azure")
    .requiredOption("--model <pattern>", "a model's name; a * before or after it stands for anything")
    .option("--account <name>", "only calls through the provider of this name in the providers file, with its keys")
    .option("--from <time>", "holds for calls from this day or time on (UTC); from now on when absent")
    .option("--to <time>", "and before this one; without end when absent")
    .requiredOption("--input <usd>", "US dollars per million input tokens")
    .option("--cached-input <usd>", "of input read from the provider's cache; as input when absent")
    .option("--cache-write <usd>", "of input written to it; as input when absent")
    .requiredOption("--output <usd>", "of output tokens")
    .option("--reasoning <usd>", "of reasoning tokens; as output when absent")
    .addHelpText(
      "after",
      `
Examples:
  npx breakwater prices set --provider openai --model 'gpt-4o*' --from 2026-12-01 --to 2027-12-01 --input 2.1 --cached-input 1.05 --output 8.4
  npx breakwater prices set --provider openai --account openai-eu --model gpt-4o --input 2.75 --output 11

Where several match a call, one for its account goes before one for all, a whole name
before a pattern, a longer pattern before a shorter. Setting one again with the same
--from changes it; two of one provider, model and account never hold at the same time.`,
    )
    .action((_options: unknown, command: Command) => run(async () => (await import("./prices.ts")).setPrice, command));
}
