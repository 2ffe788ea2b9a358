/**
 * Declares the commands on what is published to the stages: `harness`, `signatures`.
 */
import type { Command } from "commander";
import type { Runner } from "./command.ts";

const recheckHelp = "time for recheck's search for a costly text, a pattern, milliseconds; 0 leaves it out";

export function declareDefinitions(program: Command, run: Runner): void {
  declareHarnesses(program, run);
  declareSignatures(program.command("signatures").description("packs of injection signatures"), run);
}

function declareHarnesses(program: Command, run: Runner): void {
  const harness = program.command("harness").description("harness definitions");
  harness
    .command("apply")
    .description("check definitions and publish them; running stages take them up at once")
    .argument("<places...>", "harness.ts or .yaml files, or folders that hold them")
    .option("--check", "only check, publish nothing")
    .option("--shadow", "let this version's guards judge new runs too: recorded in the audit, without effect")
    .option("--canary <share>", "give this share of new runs this version, for example 0.1; the others keep theirs")
    .addHelpText(
      "after",
      [
        "",
        "Examples:",
        "  npx breakwater harness apply harnesses",
        "  npx breakwater harness apply harnesses/summarise/harness.ts --shadow",
        "  npx breakwater harness apply harnesses/summarise/harness.ts --canary 0.1",
        "",
        "Without --shadow or --canary the version becomes the current one, and what was on trial ends.",
      ].join("\n"),
    )
    .action((_places: unknown, _options: unknown, command: Command) =>
      run(async () => (await import("../commands/harness.ts")).applyHarnesses, command),
    );
  declareLint(harness, run);
  harness
    .command("list")
    .description("harnesses with their current version, and what is on trial")
    .addHelpText("after", "\nExample:\n  npx breakwater harness list --json")
    .action((_options: unknown, command: Command) =>
      run(async () => (await import("../commands/harness.ts")).listHarnesses, command),
    );
}

function declareLint(harness: Command, run: Runner): void {
  harness
    .command("lint")
    .description("what is wrong with definitions, and where they fall short of compliance presets; needs no Kafka")
    .argument("[harness]", "a harness of harnesses/ by its name, a file or a folder (all of harnesses/ when absent)")
    .option("--preset <presets...>", "presets to hold them to beside those they name: hipaa, gdpr, soc2, pci")
    .addHelpText(
      "after",
      [
        "",
        "Examples:",
        "  npx breakwater harness lint",
        "  npx breakwater harness lint summarise --preset hipaa",
        "  npx breakwater harness lint harnesses/support-chat/harness.yaml --preset gdpr soc2 --json",
        "",
        "The exit status is 0 when there is nothing to mend, 1 when a preset is not kept, 2 when",
        "harness apply would refuse a file.",
      ].join("\n"),
    )
    .action((_harness: unknown, _options: unknown, command: Command) =>
      run(async () => (await import("../commands/lint.ts")).lintHarnesses, command),
    );
}

function declareSignatures(signatures: Command, run: Runner): void {
  signatures
    .command("apply")
    .description("judge packs, run their examples and publish them; running stages take them up at once")
    .argument("<files...>", "YAML files")
    .option("--check", "only judge, publish nothing")
    .option("--recheck <ms>", recheckHelp, "1000")
    .addHelpText("after", "\nExample:\n  npx breakwater signatures apply harnesses/signatures/core.yaml")
    .action((_files: unknown, _options: unknown, command: Command) =>
      run(async () => (await import("../commands/signatures.ts")).applySignatures, command),
    );
  signatures
    .command("test")
    .description("judge packs and run their examples, and try them on texts; needs no Kafka")
    .argument("<files...>", "YAML files")
    .option("--text <text>", "a text to scan")
    .option("--channel <channel>", "of --text: user, document, tool_result or system", "user")
    .option("--jsonl <file>", 'texts to scan: a JSON object a line, with "text" and perhaps "channel"')
    .option("--recheck <ms>", recheckHelp, "1000")
    .addHelpText(
      "after",
      [
        "",
        "Examples:",
        "  npx breakwater signatures test harnesses/signatures/*.yaml",
        '  npx breakwater signatures test my.yaml --text "Ignore all rules" --recheck 0',
      ].join("\n"),
    )
    .action((_files: unknown, _options: unknown, command: Command) =>
      run(async () => (await import("../commands/signatures.ts")).testSignatures, command),
    );
  declareComparisons(signatures, run);
}

/** What is in force, and what a file would change in it. */
function declareComparisons(signatures: Command, run: Runner): void {
  signatures
    .command("list")
    .description("packs in force: version, mode, and what they hold")
    .addHelpText("after", "\nExample:\n  npx breakwater signatures list")
    .action((_options: unknown, command: Command) =>
      run(async () => (await import("../commands/signatures.ts")).listSignatures, command),
    );
  signatures
    .command("diff")
    .description("what files would change in the packs in force, field by field")
    .argument("<files...>", "YAML files")
    .addHelpText("after", "\nExample:\n  npx breakwater signatures diff harnesses/signatures/core.yaml")
    .action((_files: unknown, _options: unknown, command: Command) =>
      run(async () => (await import("../commands/signatures.ts")).diffSignatures, command),
    );
}
