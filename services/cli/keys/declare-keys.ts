/** Declares the commands on the gateway's keys: `keys create | list | rotate | revoke`. */
import type { Command } from "commander";
import type { Runner } from "../program/command.ts";

export function declareKeys(program: Command, run: Runner): void {
  const keys = program.command("keys").description("who may use the gateway, for what and how much");
  declareCreate(keys, run);
  keys
    .command("list")
    .description("every key there was, with what it opens and whether it is in force")
    .addHelpText("after", "\nExample:\n  npx breakwater keys list --json")
    .action((_options: unknown, command: Command) => run(async () => (await import("./keys.ts")).listKeys, command));
  keys
    .command("rotate")
    .description("make a key in the place of another, which goes on for a while")
    .argument("<key-id>")
    .option("--grace <time>", "the old key is good for so long: 0, or as 90m, 24h or 7d", "24h")
    .addHelpText("after", "\nExample:\n  npx breakwater keys rotate 5f0c1e9a7b3d2846 --grace 1h")
    .action((_id: unknown, _options: unknown, command: Command) =>
      run(async () => (await import("./keys.ts")).rotateKey, command),
    );
  keys
    .command("revoke")
    .description("end a key now, at every gateway; exit status 1 when there is none")
    .argument("<key-id>")
    .addHelpText("after", "\nExample:\n  npx breakwater keys revoke 5f0c1e9a7b3d2846")
    .action((_id: unknown, _options: unknown, command: Command) =>
      run(async () => (await import("./keys.ts")).revokeKey, command),
    );
}

function declareCreate(keys: Command, run: Runner): void {
  keys
    .command("create")
    .description("make a key; it is printed this once")
    .requiredOption("--client <id>", "whose it is: its runs, costs and budgets are this client's")
    .option("--harness <name...>", "it may run only these; all when absent")
    .option("--admin", "it opens keys, dead letters and every client's runs and costs")
    .option("--review", "it may decide on answers that are held")
    .option("--requests-per-minute <n>", "the gateway's own limit when absent")
    .option("--tokens-per-minute <n>", "likewise; input and output together")
    .option("--concurrency <n>", "likewise; requests under way at once, on each gateway")
    .option("--body-bytes <n>", "likewise; of one request")
    .option("--prompt-tokens <n>", "likewise; of one request, estimated")
    .option("--label <text>", "what it is for")
    .addHelpText(
      "after",
      `
Examples:
  npx breakwater keys create --client acme --harness summarise --requests-per-minute 600
  KEY=$(npx breakwater keys create --client ops --admin --label 'the on-call laptop')`,
    )
    .action((_options: unknown, command: Command) => run(async () => (await import("./keys.ts")).createKey, command));
}
