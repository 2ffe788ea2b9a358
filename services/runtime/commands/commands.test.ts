import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { commandKey, type CommandRecord } from "../../../schemas/control/command.ts";
import { TestCommands, orderOf, type Target } from "../../../test/support/commands.ts";
import { MemoryTopic } from "../../../test/support/memory-topic.ts";
import { openCommands, readCommand } from "./commands.ts";

const runId = "0193a000-0000-7000-8000-000000000001";
const run = { run_id: runId, client_id: "acme", document: { batch_id: "may" } };

const cancellations: readonly (readonly [name: string, targets: readonly Target[], message: string | undefined])[] = [
  ["nothing ordered", [], undefined],
  ["the run", [{ scope: "run", run_id: runId }], "the run was cancelled"],
  ["another run", [{ scope: "run", run_id: runId.replace("1", "2") }], undefined],
  ["its batch", [{ scope: "batch", client_id: "acme", batch_id: "may" }], "its batch was cancelled"],
  ["another client's batch of that name", [{ scope: "batch", client_id: "other", batch_id: "may" }], undefined],
  ["its client is paused, not cancelled", [{ scope: "client", client_id: "acme" }], undefined],
];

describe("a run is cancelled by", () => {
  for (const [name, targets, message] of cancellations) {
    test(name, () => assert.equal(new TestCommands(targets).cancellation(run)?.message, message));
  }

  test("its batch only if it is of one", () => {
    const commands = new TestCommands([{ scope: "batch", client_id: "acme", batch_id: "may" }]);
    assert.equal(commands.cancellation({ run_id: runId, client_id: "acme" }), null);
  });
});

const pauses: readonly (readonly [name: string, targets: readonly Target[], isPaused: boolean])[] = [
  ["nothing ordered", [], false],
  ["its client", [{ scope: "client", client_id: "acme" }], true],
  ["its harness", [{ scope: "harness", harness: "summarise" }], true],
  ["another client", [{ scope: "client", client_id: "summarise" }], false],
  ["a provider: its tiers are skipped, the run goes on", [{ scope: "provider", provider: "openai" }], false],
];

describe("a run waits for", () => {
  for (const [name, targets, isPaused] of pauses) {
    test(name, () => {
      const reason = new TestCommands(targets).pauseOfRun({ client_id: "acme", harness: "summarise" });
      assert.equal(reason?.code === "paused", isPaused);
    });
  }
});

test("a paused provider pauses all of its models, a paused model only itself", () => {
  const gpt4o = { provider: "openai", model: "gpt-4o" } as const;
  const mini = { provider: "openai", model: "gpt-4o-mini" } as const;
  const claude = { provider: "anthropic", model: "gpt-4o" } as const;
  const all = new TestCommands([{ scope: "provider", provider: "openai" }]);
  assert.deepEqual(
    [gpt4o, mini, claude].map((model) => all.isModelPaused(model)),
    [true, true, false],
  );
  const one = new TestCommands([{ scope: "provider", ...gpt4o }]);
  assert.deepEqual(
    [gpt4o, mini, claude].map((model) => one.isModelPaused(model)),
    [true, false, false],
  );
});

test("the operator's words come with the reason", () => {
  const commands = new TestCommands();
  commands.order({ scope: "client", client_id: "acme" }, "their key leaked");
  const reason = commands.pauseOfRun({ client_id: "acme", harness: "summarise" });
  assert.equal(reason?.message, "its client is paused: their key leaked");
});

test("names with any character have keys of their own", () => {
  const targets: readonly Target[] = [
    { scope: "batch", client_id: 'a","b', batch_id: "c" },
    { scope: "batch", client_id: "a", batch_id: 'b","c' },
    { scope: "client", client_id: "a" },
    { scope: "harness", harness: "a" },
  ];
  assert.equal(new Set(targets.map(commandKey)).size, targets.length);
});

test("the topic is followed: an order takes effect, a tombstone ends it, a wrong key is ignored", async () => {
  const target: Target = { scope: "client", client_id: "acme" };
  const topic = new MemoryTopic([["somebody", JSON.stringify(orderOf({ scope: "client", client_id: "somebody" }))]]);
  const errors: string[] = [];
  const silent = { debug: () => {}, info: () => {}, warn: () => {} };
  const logger = { ...silent, error: (fields: object) => void errors.push(JSON.stringify(fields)) };
  const commands = await openCommands({ reader: topic, logger });
  let changes = 0;
  commands.onChange(() => (changes += 1));
  const paused = (client: string) => commands.pauseOfRun({ client_id: client, harness: "h" }) !== null;
  assert.equal(paused("somebody"), false);
  assert.match(errors[0] ?? "", /target is not its key/);
  topic.append(commandKey(target), JSON.stringify(orderOf(target)));
  assert.equal(paused("acme"), true);
  topic.append(commandKey(target), null);
  assert.equal(paused("acme"), false);
  assert.equal(changes, 2);
});

test("an order reads as it was written", () => {
  const order: CommandRecord = orderOf({ scope: "run", run_id: runId }, "a mistake");
  assert.deepEqual(readCommand(JSON.parse(JSON.stringify(order)), commandKey(order.target)), order);
});
