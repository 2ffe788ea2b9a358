/** Declares the command that makes a data subject's content unreadable: `erase`. */
import type { Command } from "commander";
import type { Runner } from "../program/command.ts";

export function declareErase(program: Command, run: Runner): void {
  program
    .command("erase")
    .description("make all that was sealed for a data subject unreadable, for good; exit status 1 when nothing was")
    .requiredOption("--subject <id>", "as runs name it in subject_id")
    .option("--client <id>", "only of this client's runs; of every client's when absent")
    .option("--reason <text>", "your words, for the audit")
    .option("--dry-run", "say which keys would go, erase nothing")
    .option("--timeout <seconds>", "wait so long for the keys to leave the disk", "300")
    .addHelpText("after", "\nExample:\n  npx breakwater erase --subject patient-4711 --dry-run")
    .action((_options: unknown, command: Command) => run(async () => (await import("./erase.ts")).erase, command));
}
