/**
 * Declares the commands that order: `pause`, `resume`, `pauses`, `runs cancel`
 * and `batch cancel`.
 */
import type { Command } from "commander";
import type { Runner } from "./command.ts";

const reasonHelp = "your words; they come with the results";

export function declareOrders(program: Command, run: Runner): void {
  declarePauses(program, run);
  const named = (name: string): Command | undefined => program.commands.find((command) => command.name() === name);
  declareCancels({ runs: named("runs") ?? program, batch: named("batch") ?? program }, run);
}

function targets(command: Command): Command {
  return command
    .option("--client <id>", "all runs of this client")
    .option("--harness <name>", "all runs of this harness")
    .option("--provider <name>", "all models of this provider, or with --model one")
    .option("--model <name>", "this model of the provider");
}

function declarePauses(program: Command, run: Runner): void {
  targets(program.command("pause"))
    .description("pay for nothing new of a client, a harness, a provider or a model until it is resumed")
    .option("--reason <text>", reasonHelp)
    .addHelpText("after", "\nExample:\n  npx breakwater pause --client acme --reason 'their key leaked'")
    .action((_options: unknown, command: Command) =>
      run(async () => (await import("../orders/pause.ts")).pause, command),
    );
  targets(program.command("resume"))
    .description("end a pause; what waited goes on at once")
    .addHelpText("after", "\nExample:\n  npx breakwater resume --client acme")
    .action((_options: unknown, command: Command) =>
      run(async () => (await import("../orders/pause.ts")).resume, command),
    );
  program
    .command("pauses")
    .description("what is paused, since when and why")
    .addHelpText("after", "\nExample:\n  npx breakwater pauses --json")
    .action((_options: unknown, command: Command) =>
      run(async () => (await import("../orders/pause.ts")).listPauses, command),
    );
}

function declareCancels({ runs, batch }: { readonly runs: Command; readonly batch: Command }, run: Runner): void {
  runs
    .command("cancel")
    .description("end a run that has no result yet; says what its result became")
    .argument("<run-id>")
    .option("--reason <text>", reasonHelp)
    .option("--timeout <seconds>", "wait for the result for so long", "30")
    .addHelpText("after", "\nExample:\n  npx breakwater runs cancel 0190f2c4-...")
    .action((_id: unknown, _options: unknown, command: Command) =>
      run(async () => (await import("../orders/cancel.ts")).cancelRun, command),
    );
  batch
    .command("cancel")
    .description("end the documents of a batch that have no result yet")
    .argument("<batch-id>")
    .option("--client <id>", "whose batch; needed when it was not started here")
    .option("--reason <text>", reasonHelp)
    .addHelpText("after", "\nExample:\n  npx breakwater batch cancel may --client acme")
    .action((_id: unknown, _options: unknown, command: Command) =>
      run(async () => (await import("../orders/cancel.ts")).cancelBatch, command),
    );
}
