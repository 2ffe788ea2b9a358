/**
 * Declares the commands that ask for runs: `publish`, `batch`.
 */
import type { Command } from "commander";
import type { Runner } from "./command.ts";

export function declareWork(program: Command, run: Runner): void {
  declarePublish(program, run);
  declareBatch(program, run);
}

function declarePublish(program: Command, run: Runner): void {
  program
    .command("publish")
    .description("publish one request; prints its run id, or with --wait its result")
    .requiredOption("--harness <name>", "harness to run")
    .requiredOption("--client <id>", "who pays")
    .option("--input <json>", "the input as a JSON object")
    .option("--text <text>", "the input's text (its long field, else its context field, else `text`)")
    .option("--file <path>", "a text file for that field, or a .json file as the whole input; - is stdin")
    .option("--options <json>", "what the harness lets its callers ask for: tools, max_output_tokens ...")
    .option("--feature <name>", "what the client uses it for")
    .option("--subject <id>", "the data subject whose content this is")
    .option("--correlation <id>", "comes back on the result")
    .option("--run-id <uuid>", "publish under this run id; the same one with the same input is one run")
    .option("--wait", "wait for the result and print it")
    .option("--timeout <seconds>", "give up waiting after this long", "120")
    .addHelpText(
      "after",
      `
Examples:
  npx breakwater publish --harness summarise --client acme --file speech.txt --wait
  npx breakwater publish --harness extract-invoice --client acme --input '{"invoice":"No. 7 ..."}' --json`,
    )
    .action((_options: unknown, command: Command) =>
      run(async () => (await import("../commands/publish.ts")).publish, command),
    );
}

function declareBatch(program: Command, run: Runner): void {
  program
    .command("batch")
    .description(
      "run documents (.txt, .md, .pdf, .docx, .html) through a harness and write one JSON line a document; may be killed and run again",
    )
    .argument("<places...>", "folders, files or globs")
    .option("--harness <name>", "harness to run")
    .option("--client <id>", "who pays")
    .option(
      "--id <id>",
      "name of the batch; the same name goes on where it stopped (made from the arguments when absent)",
    )
    .option("--out <file>", "results file (.breakwater/results/<id>.jsonl when absent)")
    .option(
      "--field <name>",
      "input field for the text (when absent: the long field, else the context field, else `text`)",
    )
    .option("--deadline <time>", "for all documents from the first start on: what is queued after it expires", "24h")
    .option("--feature <name>", "what the client uses it for")
    .addHelpText(
      "after",
      `
Examples:
  npx breakwater batch --harness summarise --client acme examples/documents
  npx breakwater batch --harness summarise --client acme --id may 'reports/**/*.md' notes.txt --out may.jsonl

A run of the batch is named by batch id, document and harness version: a document is paid once,
however often the command is killed and started again. What of a pdf, docx or html file could not be read
(scanned pages, pictures, tracked deletions ...), and text in it that nobody sees, is listed in its line's \`notes\`.`,
    )
    .action((_places: unknown, _options: unknown, command: Command) =>
      run(async () => (await import("../commands/batch.ts")).batch, command),
    );
}
