/**
 * Declares the commands on dead letters: `dlq list | show | replay`.
 */
import type { Command } from "commander";
import type { Runner } from "./command.ts";

export function declareLetters(program: Command, run: Runner): void {
  const letters = program.command("dlq").description("records that could not be processed");
  declareLooking(letters, run);
  declareReplay(letters, run);
}

function declareLooking(letters: Command, run: Runner): void {
  letters
    .command("list")
    .description("dead letters: how many by code, then each")
    .option("--topic <topic>", "only those of this topic")
    .option("--code <code>", "only those with this code")
    .addHelpText("after", "\nExample:\n  npx breakwater dlq list --topic harness-requests")
    .action((_options: unknown, command: Command) =>
      run(async () => (await import("../commands/dlq.ts")).listDeadLetters, command),
    );
  letters
    .command("show")
    .description("one dead letter; its payload only when asked for")
    .argument("<ref>", "<topic>/<partition>/<offset>, as dlq list prints it")
    .option("--payload", "print the original bytes, which may hold somebody's content")
    .addHelpText("after", "\nExample:\n  npx breakwater dlq show harness-requests-dlq/0/12 --payload")
    .action((_ref: unknown, _options: unknown, command: Command) =>
      run(async () => (await import("../commands/dlq.ts")).showDeadLetter, command),
    );
}

function declareReplay(letters: Command, run: Runner): void {
  letters
    .command("replay")
    .description("run dead letters again, each as a new run")
    .argument("[ref]", "<topic>/<partition>/<offset>")
    .option("--code <code>", "all with this code instead of one")
    .option("--topic <topic>", "with --code: only those of this topic")
    .option("--edit <file>", "a mended request (JSON) to publish instead of the original bytes")
    .option("--dry-run", "say what would be published, publish nothing")
    .option("--again", "replay once more what was replayed already")
    .option("--replay <n>", "the number of the replay, which its run id follows from")
    .option("--wait", "wait for the results and print them")
    .option("--timeout <seconds>", "give up waiting after this long", "120")
    .addHelpText(
      "after",
      `
Examples:
  npx breakwater dlq replay harness-requests-dlq/0/12 --edit mended.json
  npx breakwater dlq replay --code harness_unknown --dry-run

The same replay is one run, however often it is asked for; --again makes the next one.`,
    )
    .action((_ref: unknown, _options: unknown, command: Command) =>
      run(async () => (await import("../commands/replay.ts")).replayDeadLetters, command),
    );
}
