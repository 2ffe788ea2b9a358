/**
 * Declares the commands on what is published to the stages: `harness`, `signatures`.
 */
import type { Command } from "commander";
import type { Runner } from "./command.ts";

export function declareDefinitions(program: Command, run: Runner): void {
  const harness = program.command("harness").description("harness definitions");
  harness
    .command("apply")
    .description("check definitions and publish them; running stages take them up at once")
    .argument("<places...>", "harness.ts or .yaml files, or folders that hold them")
    .option("--check", "only check, publish nothing")
    .addHelpText(
      "after",
      "\nExamples:\n  npx breakwater harness apply harnesses\n  npx breakwater harness apply harnesses/summarise/harness.ts",
    )
    .action((_places: unknown, _options: unknown, command: Command) =>
      run(async () => (await import("../commands/harness.ts")).applyHarnesses, command),
    );
  harness
    .command("list")
    .description("harnesses with their current version")
    .addHelpText("after", "\nExample:\n  npx breakwater harness list --json")
    .action((_options: unknown, command: Command) =>
      run(async () => (await import("../commands/harness.ts")).listHarnesses, command),
    );

  const signatures = program.command("signatures").description("packs of injection signatures");
  signatures
    .command("apply")
    .description("compile packs, run their examples and publish them; running stages take them up at once")
    .argument("<files...>", "YAML files")
    .option("--check", "only check, publish nothing")
    .addHelpText("after", "\nExample:\n  npx breakwater signatures apply harnesses/signatures/core.yaml")
    .action((_files: unknown, _options: unknown, command: Command) =>
      run(async () => (await import("../commands/signatures.ts")).applySignatures, command),
    );
  signatures
    .command("list")
    .description("packs with their version and size")
    .addHelpText("after", "\nExample:\n  npx breakwater signatures list")
    .action((_options: unknown, command: Command) =>
      run(async () => (await import("../commands/signatures.ts")).listSignatures, command),
    );
}
