/**
 * Limits over a real Redis: gateways count together, go on alone while it is
 * away, and together again when it is back. Needs `redis-server`.
 */
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { redisCounter, type SharedCounter } from "../../services/gateway/clients/limits/shared-counter.ts";
import { need } from "./needed-parts.ts";

let folder: string;
let port: number;
let server: ChildProcess;
const said: string[] = [];
const gateways: SharedCounter[] = [];

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  return typeof address === "object" && address !== null ? address.port : assert.fail();
}

function startRedis(): ChildProcess {
  const words = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "no"];
  return spawn("redis-server", words, { stdio: "ignore" });
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

function openGateway(): SharedCounter {
  const say = (_fields: object, message: string) => void said.push(message);
  return redisCounter(`redis://127.0.0.1:${port}`, { info: say, warn: say });
}

/** Takings that leave the limit of the key as good as untouched, until each gateway counts as is wanted. */
async function untilShared(wanted: boolean): Promise<void> {
  for (const gateway of gateways) {
    do {
      await sleep(50);
      await gateway.take({ key: "probe", amount: 1, limit: 1_000_000 });
    } while (gateway.isShared() !== wanted);
  }
}

before(async () => {
  need("redis-server");
  folder = await mkdtemp(path.join(tmpdir(), "breakwater-redis-"));
  port = await freePort();
  server = startRedis();
  gateways.push(openGateway(), openGateway());
  await untilShared(true);
});
after(async () => {
  for (const gateway of gateways) gateway.close();
  await end(server);
  await rm(folder, { recursive: true, force: true });
});

const [first, second] = [() => gateways[0] ?? assert.fail(), () => gateways[1] ?? assert.fail()];

test("two gateways let one limit through together, whichever is asked", async () => {
  const asks = Array.from({ length: 30 }, (_, at) => (at % 2 === 0 ? first() : second()));
  const taken = await Promise.all(asks.map((gateway) => gateway.take({ key: "acme", amount: 1, limit: 10 })));
  assert.equal(taken.filter(({ fits }) => fits).length, 10);
  const { fits, left, resetMs } = await second().take({ key: "acme", amount: 1, limit: 10 });
  assert.deepEqual([fits, left], [false, 0]);
  assert.ok(resetMs > 0 && resetMs <= 60_000, String(resetMs));
});

test("what one gives back or charges, the other sees", async () => {
  const ask = { key: "beta", amount: 600, limit: 1000 };
  const taken = await first().take(ask);
  assert.equal((await second().take(ask)).fits, false);
  await taken.correct(-400);
  assert.equal((await second().take(ask)).left, 200);
  await taken.correct(150);
  assert.equal((await second().take({ ...ask, amount: 0 })).left, 50);
});

test("a Redis that is killed is done without, said once a gateway; one that is back counts again", async () => {
  const ask = { key: "gamma", amount: 1, limit: 1 };
  assert.equal((await first().take(ask)).fits, true);
  said.length = 0;
  await end(server);
  await untilShared(false);
  assert.deepEqual([(await first().take(ask)).fits, (await second().take(ask)).fits], [true, true]);
  assert.equal(said.filter((line) => line.includes("counts limits alone")).length, 2);
  server = startRedis();
  await untilShared(true);
  assert.deepEqual([(await first().take(ask)).fits, (await second().take(ask)).fits], [true, false]);
  assert.equal(said.filter((line) => line.includes("count limits together")).length, 2);
});
