/**
 * Declares the commands that run the system: `up`, `setup`, `topics create`.
 */
import type { Command } from "commander";
import type { Runner } from "./command.ts";

export function declareSystem(program: Command, run: Runner): void {
  declareUp(program, run);
  declareSetup(program, run);
  declareTopics(program, run);
}

function declareUp(program: Command, run: Runner): void {
  program
    .command("up")
    .description("start everything here: what the environment does not name is embedded; then the four stages")
    .option("--demo", "run the 58 documents of examples/documents through `summarise` and print what it cost")
    .option("--exit", "leave when it is up (with --demo: when the batch is done) instead of staying up")
    .option("--kafka-port <port>", "port of the embedded Kafka (any free one)")
    .option("--clickhouse-port <port>", "port of the embedded ClickHouse (any free one)")
    .option("--registry-port <port>", "port of the embedded schema registry (any free one)")
    .option("--stand-in-port <port>", "port of the provider stand-in (any free one)")
    .option("--stand-in-latency <ms>", "time the stand-in takes for an answer, milliseconds")
    .option("--stand-in-faults <file>", "JSON file with faults the stand-in shall make")
    .addHelpText(
      "after",
      `
Examples:
  npm start                                     the demonstration; stays up
  npm start -- --exit                           the same, and leave
  npx breakwater up                             only the system
  OPENAI_API_KEY=... npx breakwater up          with the real OpenAI
  KAFKA_BROKERS=broker:9092 npx breakwater up   with your Kafka
  BREAKWATER_HOME=.second npx breakwater up     another one beside it

Data, logs and results are kept in .breakwater (BREAKWATER_HOME).`,
    )
    .action((_options: unknown, command: Command) => run(async () => (await import("../commands/up.ts")).up, command));
}

function declareSetup(program: Command, run: Runner): void {
  program
    .command("setup")
    .description("what a deploy does before the stages start: topics, schemas, tables, harnesses, signature packs")
    .addHelpText(
      "after",
      `
Example:
  KAFKA_BROKERS=broker:9092 CLICKHOUSE_URL=http://ledger:8123 npx breakwater setup

May be run again: what is there stays. Harnesses and packs come from harnesses/.`,
    )
    .action((_options: unknown, command: Command) =>
      run(async () => (await import("../commands/setup.ts")).setUp, command),
    );
}

function declareTopics(program: Command, run: Runner): void {
  const topics = program.command("topics").description("topics, schemas and tables");
  topics
    .command("create")
    .description(
      "create topics and dead-letter topics, register the schemas, create the ledger's tables; may be run again",
    )
    .addHelpText(
      "after",
      `
Example:
  KAFKA_BROKERS=broker:9092 CLICKHOUSE_URL=http://ledger:8123 npx breakwater topics create

Partitions and replicas: BREAKWATER_PARTITIONS, BREAKWATER_REPLICATION_FACTOR.`,
    )
    .action((_options: unknown, command: Command) =>
      run(async () => (await import("../commands/setup.ts")).createTopicsAndTables, command),
    );
}
