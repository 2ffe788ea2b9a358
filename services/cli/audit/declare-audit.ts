/** Declares the commands on the sealed audit: `audit verify | heads | export | events | pii`. */
import type { Command } from "commander";
import type { Runner } from "../program/command.ts";

export function declareAudit(program: Command, run: Runner): void {
  const audit = program.command("audit").description("who decided what and when, sealed so that no change goes unseen");
  declareVerify(audit, run);
  declareHeads(audit, run);
  declareExport(audit, run);
  declareEvents(audit, run);
  declarePii(audit, run);
}

function declareVerify(audit: Command, run: Runner): void {
  audit
    .command("verify")
    .description(
      "prove the sealed audit whole, or name the first record that was changed, removed, inserted or swapped",
    )
    .argument("[pack]", "folder of an evidence pack; what is on harness-audit-chain when absent")
    .option("--partition <number...>", "only these partitions of the topic")
    .option("--from <time>", "only what was sealed from this day or time on (UTC)")
    .option("--to <time>", "and before this one")
    .option("--key <key...>", "public keys that may sign heads; any key when absent, and it is said which")
    .option(
      "--heads <file>",
      "heads that were kept elsewhere, as `audit heads` prints them: they show a tail that was cut",
    )
    .addHelpText(
      "after",
      `
Examples:
  npx breakwater audit verify
  npx breakwater audit verify --from 2026-11-01 --to 2026-12-01 --key 11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo
  npx breakwater audit verify --heads kept-elsewhere.jsonl
  npx breakwater audit verify evidence

Exit status 1 when a fault is found, and when there is nothing to prove. Without --from and
--to the newest heads that the ledger holds are asked for too, where a ledger is known.`,
    )
    .action((_pack: unknown, _options: unknown, command: Command) =>
      run(async () => (await import("./verify.ts")).verifyAudit, command),
    );
}

function declareHeads(audit: Command, run: Runner): void {
  audit
    .command("heads")
    .description("the newest signed head of each partition, one JSON a line: keep them where nobody here can write")
    .addHelpText("after", "\nExample:\n  npx breakwater audit heads >> /mnt/elsewhere/heads.jsonl")
    .action((_options: unknown, command: Command) => run(async () => (await import("./heads.ts")).printHeads, command));
}

function declareExport(audit: Command, run: Runner): void {
  audit
    .command("export")
    .description("an evidence pack for an auditor: the sealed records, proof of their chain, a verifier and a report")
    .option("--run <id>", "only this run's records; the others stand there as hashes")
    .option("--client <id>", "only this client's")
    .option("--from <time>", "what was sealed from this day or time on (UTC)")
    .option("--to <time>", "and before this one; up to the next signed head")
    .option("--out <folder>", "where it is written", "evidence")
    .addHelpText(
      "after",
      `
Examples:
  npx breakwater audit export --run 0190f2c4-... --out evidence-0190f2c4
  npx breakwater audit export --client acme --from 2026-11-01 --to 2026-12-01
  cd evidence && node verify.mjs --key 11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo`,
    )
    .action((_options: unknown, command: Command) =>
      run(async () => (await import("./export.ts")).exportAudit, command),
    );
}

function declareEvents(audit: Command, run: Runner): void {
  audit
    .command("events")
    .description("who changed what when, as the ledger read it; the newest first")
    .option("--kind <kind>", "change, erasure or call; changes and erasures when absent")
    .option("--actor <id>", "only by this user or key")
    .option("--action <action>", "only actions that begin so: key., harness.applied ...")
    .option("--target <text>", "only where this is a part of what was changed")
    .option("--client <id>", "only about this client")
    .option("--run <id>", "only about this run")
    .option("--from <time>", "done on this day or time or later (UTC)")
    .option("--to <time>", "and before this one")
    .option("--limit <count>", "at most so many", "50")
    .addHelpText("after", "\nExample:\n  npx breakwater audit events --actor ines --action key. --from 2026-11-01")
    .action((_options: unknown, command: Command) =>
      run(async () => (await import("../insight/audit-events.ts")).showAuditEvents, command),
    );
}

function declarePii(audit: Command, run: Runner): void {
  audit
    .command("pii")
    .description("what personal data was found where and what was done about it, never the value; the newest first")
    .option("--run <id>", "only in this run")
    .option("--client <id>", "only of this client")
    .option("--harness <name>", "only by this harness")
    .option("--from <time>", "decided on this day or time or later (UTC)")
    .option("--to <time>", "and before this one")
    .option("--limit <count>", "of at most so many decisions", "100")
    .addHelpText("after", "\nExample:\n  npx breakwater audit pii --client acme --from 2026-11-01 --json")
    .action((_options: unknown, command: Command) =>
      run(async () => (await import("../insight/pii-log.ts")).showPiiLog, command),
    );
}
