/**
 * Every process with a user of its own and no right but those of acls.sh: a run
 * goes the whole way, and what a process has no business with is refused to it.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { z } from "zod";
import { aclScript } from "../../infra/kafka/acls.ts";
import { createKafka } from "../../services/runtime/kafka/client.ts";
import { run } from "../cli/command.ts";
import { startSecuredBroker, type SecuredBroker } from "../support/secured-broker.ts";
import { silentLogger } from "../support/silent-logger.ts";
import { StageProcesses, type StageProcess } from "../support/stage-processes.ts";
import { WholeSystem } from "../support/whole-system.ts";

const home = mkdtempSync(path.join(tmpdir(), "breakwater-acls-"));
const everybody = [
  "input-scan",
  "model-invoke",
  "output-validate",
  "cost-aggregate",
  "alerts",
  "audit-seal",
  "gateway",
] as const;
let broker: SecuredBroker;
let system: WholeSystem;
const running: StageProcess[] = [];

before(async () => {
  broker = await startSecuredBroker();
  system = await WholeSystem.open(0, () => StageProcesses.on(broker, 1));
  for (const service of everybody)
    running.push(
      await system.stages.start(service, {
        ...broker.environmentOf(service),
        ...system.standIn.environment,
        CLICKHOUSE_URL: system.clickHouse.url,
        BREAKWATER_GATEWAY_PORT: "0",
      }),
    );
});
after(async () => {
  await system.close();
  rmSync(home, { recursive: true, force: true });
});

const command = (words: readonly string[]) =>
  run(home, words, { ...broker.environmentOf("cli"), CLICKHOUSE_URL: system.clickHouse.url });
const published = z.object({ status: z.string(), run_id: z.string() });

test("a run goes from the command line through every stage and back, and into the ledger", async () => {
  const words = [
    "publish",
    "--harness",
    "summarise",
    "--client",
    "acme",
    "--text",
    "A short letter.",
    "--wait",
    "--json",
  ];
  const { code, stdout, stderr } = await command(words);
  assert.equal(code, 0, stderr);
  assert.equal(published.parse(JSON.parse(stdout)).status, "ok");
  await system.until("the call in the ledger", async () => {
    const [row] = await system.store.query("SELECT count() AS calls FROM ledger WHERE state = 'finished'");
    return z.object({ calls: z.coerce.number() }).parse(row).calls >= 1;
  });
});

for (const words of ["status", "harness list", "dlq list", "keys list"])
  test(`an operator's \`${words}\` works`, async () => {
    const { code, stderr } = await command(words.split(" "));
    assert.equal(code, 0, stderr);
  });

test("no process was refused anything", () => {
  for (const [index, service] of everybody.entries())
    assert.doesNotMatch(running[index]?.log() ?? "", /authoriz|not authorized/i, service);
});

for (const { what, as, topic } of [
  { what: "input-scan writes no journal", as: "input-scan", topic: "harness-calls" },
  { what: "model-invoke lets nobody in", as: "model-invoke", topic: "harness-scanned" },
  { what: "the sink decides nothing", as: "cost-aggregate", topic: "harness-results" },
  { what: "the gateway publishes no definition", as: "gateway", topic: "harness-definitions" },
  { what: "a publisher says no result", as: "publishers", topic: "harness-results" },
] as const)
  test(`refused: ${what}`, async () => {
    const producer = createKafka(broker.settingsOf(as), "intruder", silentLogger).producer({ retry: { retries: 0 } });
    await producer.connect();
    try {
      const sent = producer.send({ topic, messages: [{ key: "k", value: "{}" }] });
      await assert.rejects(sent, /not authorized to access topics/i);
    } finally {
      await producer.disconnect();
    }
  });

for (const { what, as, group, topic, message } of [
  {
    what: "a stage reads no topic of another",
    as: "alerts",
    group: "breakwater-alerts",
    topic: "harness-requests",
    message: /not authorized to access topics/i,
  },
  {
    what: "a stage takes no partition in another's group",
    as: "input-scan",
    group: "breakwater-model-invoke",
    topic: "harness-requests",
    message: /find group coordinator|not authorized to access group/i,
  },
] as const)
  test(`refused: ${what}`, async () => {
    const consumer = createKafka(broker.settingsOf(as), "intruder", silentLogger).consumer({
      groupId: group,
      retry: { retries: 0 },
    });
    const crashed = Promise.withResolvers<Error>();
    consumer.on(consumer.events.CRASH, ({ payload }) => crashed.resolve(payload.error));
    try {
      await consumer.connect();
      const begun = consumer
        .subscribe({ topics: [topic] })
        .then(() => consumer.run({ eachMessage: () => Promise.resolve() }))
        .then(
          () => crashed.promise,
          (error: unknown) => error,
        );
      const error = await begun;
      assert.ok(error instanceof Error);
      assert.match(error.message, message);
    } finally {
      await consumer.disconnect();
    }
  });

test("nobody comes in under a wrong password, and nobody without one", async () => {
  const { sasl, ...open } = broker.settingsOf("gateway");
  assert.ok(sasl !== null);
  for (const settings of [
    { ...open, sasl: { ...sasl, password: "wrong" } },
    { ...open, sasl: null },
  ]) {
    const admin = createKafka(settings, "intruder", silentLogger).admin({ retry: { retries: 0 } });
    await assert.rejects(admin.connect().then(() => admin.listTopics()));
    await admin.disconnect();
  }
});

test("passwords stand in no log and no ACL", () => {
  const all = [...running.map((process) => process.log()), aclScript()].join("\n");
  assert.doesNotMatch(all, /password-of-/);
});
