import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { EmbeddedMessage, EmbeddedPart } from "../../services/runtime/process/embedded-state.ts";
import { portOf, Supervisor, type PartPlan } from "./supervise.ts";

interface Part {
  readonly plan: PartPlan;
  /** Ends the part's process from outside. */
  end(): void;
}

class Stage {
  readonly happened: string[] = [];
  readonly messages: EmbeddedMessage[] = [];
  readonly gaveUp: string[] = [];

  part(part: EmbeddedPart, options: { failFrom?: number } = {}): Part {
    let starts = 0;
    let end: () => void = () => undefined;
    const plan: PartPlan = {
      part,
      port: undefined,
      start: ({ port, addresses }) => {
        starts += 1;
        if (starts >= (options.failFrom ?? Infinity)) return Promise.reject(new Error(`${part} has no room`));
        this.happened.push(`start ${part} ${port ?? "any"} beside ${Object.keys(addresses).join("+")}`);
        const exited = new Promise<void>((resolve) => (end = resolve));
        const stop = (): Promise<void> => {
          this.happened.push(`stop ${part}`);
          end();
          return Promise.resolve();
        };
        return Promise.resolve({ address: `127.0.0.1:${port ?? 7000 + starts}`, pid: 1, exited, stop });
      },
    };
    return { plan, end: () => end() };
  }

  supervise(parts: readonly Part[]): Supervisor {
    return new Supervisor({
      plans: parts.map(({ plan }) => plan),
      tell: (message) => void this.messages.push(message),
      note: (part, address) => void this.happened.push(`note ${part} ${address}`),
      giveUp: (part, reason) => void this.gaveUp.push(`${part}: ${reason}`),
    });
  }
}

test("parts start in order, each told of those before it, and stop in reverse", async () => {
  const stage = new Stage();
  const supervisor = stage.supervise([stage.part("kafka"), stage.part("clickhouse"), stage.part("registry")]);
  assert.deepEqual(await supervisor.start(), {
    kafka: "127.0.0.1:7001",
    clickhouse: "127.0.0.1:7001",
    registry: "127.0.0.1:7001",
  });
  await supervisor.stop();
  assert.deepEqual(
    stage.happened.filter((line) => !line.startsWith("note")),
    [
      "start kafka any beside ",
      "start clickhouse any beside kafka",
      "start registry any beside kafka+clickhouse",
      "stop registry",
      "stop clickhouse",
      "stop kafka",
    ],
  );
  assert.deepEqual(stage.gaveUp, []);
});

test("a part that ends by itself is started again on the port it had", async () => {
  const stage = new Stage();
  const kafka = stage.part("kafka");
  const supervisor = stage.supervise([kafka]);
  await supervisor.start();
  kafka.end();
  while (!stage.messages.some(({ kind }) => kind === "restarted")) await sleep(20);
  assert.ok(stage.happened.includes("start kafka 7001 beside kafka"));
  await supervisor.stop();
  assert.equal(stage.happened.filter((line) => line === "stop kafka").length, 1);
});

test("a part that cannot be started again is given up with its reason", async () => {
  const stage = new Stage();
  const kafka = stage.part("kafka", { failFrom: 2 });
  const supervisor = stage.supervise([kafka]);
  await supervisor.start();
  kafka.end();
  while (stage.gaveUp.length === 0) await sleep(20);
  assert.deepEqual(stage.gaveUp, ["kafka: kafka has no room"]);
  await supervisor.stop();
});

test("a first start that fails is the caller's error, and what had started is stopped", async () => {
  const stage = new Stage();
  const supervisor = stage.supervise([
    stage.part("kafka"),
    stage.part("clickhouse", { failFrom: 1 }),
    stage.part("registry"),
  ]);
  await assert.rejects(supervisor.start(), /clickhouse has no room/);
  await supervisor.stop();
  assert.ok(stage.happened.includes("stop kafka"));
  assert.ok(!stage.happened.some((line) => line.includes("registry")));
});

test("a stop during the start waits for the part that is starting, and starts no further one", async () => {
  const stage = new Stage();
  const kafka = stage.part("kafka");
  const slow: PartPlan = { ...kafka.plan, start: async (options) => (await sleep(50), kafka.plan.start(options)) };
  const supervisor = stage.supervise([{ ...kafka, plan: slow }, stage.part("clickhouse")]);
  const started = supervisor.start();
  await supervisor.stop();
  await started;
  assert.deepEqual(
    stage.happened.filter((line) => !line.startsWith("note")),
    ["start kafka any beside ", "stop kafka"],
  );
});

test("a part stopped by us is not started again", async () => {
  const stage = new Stage();
  const supervisor = stage.supervise([stage.part("kafka")]);
  await supervisor.start();
  await supervisor.stop();
  await sleep(400);
  assert.equal(stage.happened.filter((line) => line.startsWith("start")).length, 1);
});

test("a port is read from host:port and from a URL", () => {
  assert.deepEqual(
    ["127.0.0.1:9092", "http://127.0.0.1:8123", "http://127.0.0.1:8123/v1"].map(portOf),
    [9092, 8123, 8123],
  );
});
