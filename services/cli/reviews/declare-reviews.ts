/**
 * Declares the commands on answers that are held: `reviews list | show |
 * approve | edit | reject`.
 */
import type { Command } from "commander";
import type { Runner } from "../program/command.ts";

export function declareReviews(program: Command, run: Runner): void {
  const reviews = program.command("reviews").description("answers that wait for a person's decision");
  reviews
    .command("list")
    .description("what waits: since when, until when, for whom and why")
    .addHelpText("after", "\nExample:\n  npx breakwater reviews list --json")
    .action((_options: unknown, command: Command) =>
      run(async () => (await import("./show-reviews.ts")).listReviews, command),
    );
  reviews
    .command("show")
    .description("one answer, what was found in it, and the passage of its context that comes closest")
    .argument("<run-id>")
    .addHelpText("after", "\nExample:\n  npx breakwater reviews show 0190f2c4-...")
    .action((_id: unknown, _options: unknown, command: Command) =>
      run(async () => (await import("./show-reviews.ts")).showReview, command),
    );
  declareDecisions(reviews, run);
}

function declareDecisions(reviews: Command, run: Runner): void {
  const load = () => import("./decide-review.ts");
  decision(reviews, "approve", "give the answer as it is")
    .addHelpText("after", "\nExample:\n  npx breakwater reviews approve 0190f2c4-... --reviewer ines")
    .action((_id: unknown, _options: unknown, command: Command) =>
      run(async () => (await load()).approveReview, command),
    );
  decision(reviews, "edit", "give what you write in its stead; it must keep the harness's contract")
    .requiredOption("--output <file>", "the whole output: text, or JSON where the harness has a contract; - is stdin")
    .addHelpText("after", "\nExample:\n  npx breakwater reviews edit 0190f2c4-... --output mended.json --reviewer ines")
    .action((_id: unknown, _options: unknown, command: Command) => run(async () => (await load()).editReview, command));
  decision(reviews, "reject", "give nothing: the run ends as rejected")
    .addHelpText(
      "after",
      "\nExample:\n  npx breakwater reviews reject 0190f2c4-... --reviewer ines --reason 'wrong total'",
    )
    .action((_id: unknown, _options: unknown, command: Command) =>
      run(async () => (await load()).rejectReview, command),
    );
}

/** The first decision counts: exit status 1 when another was first. */
function decision(reviews: Command, name: string, what: string): Command {
  return reviews
    .command(name)
    .description(`${what}; the first decision counts`)
    .argument("<run-id>")
    .requiredOption("--reviewer <name>", "who decides; it is taken at its word")
    .option("--reason <text>", "your words; they come with the result and the audit");
}
