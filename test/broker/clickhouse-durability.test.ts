/**
 * What the embedded ClickHouse keeps: every acknowledged insert, over an
 * orderly stop and over kill -9; and one process per data folder.
 */
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { ClickHouseLogLevel, createClient } from "@clickhouse/client";
import { after, before, test } from "node:test";
import { z } from "zod";
import { startClickHouse } from "../../infra/embedded/clickhouse/start-clickhouse.ts";
import { startTestClickHouse, type TestClickHouse } from "../support/clickhouse.ts";

let house: TestClickHouse;

before(async () => {
  house = await startTestClickHouse();
  await command("CREATE TABLE kept (id UInt64) ENGINE = ReplacingMergeTree ORDER BY id");
});

after(() => house.stop());

async function command(query: string): Promise<void> {
  const client = createClient({ url: house.url });
  await client.command({ query });
  await client.close();
}

async function ids(): Promise<number[]> {
  const client = createClient({ url: house.url });
  const result = await client.query({ query: "SELECT id FROM kept FINAL ORDER BY id", format: "JSONEachRow" });
  const rows = z.array(z.object({ id: z.int() })).parse(await result.json());
  await client.close();
  return rows.map(({ id }) => id);
}

const exists = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test("an orderly stop ends the process, and a start on the same data finds it again", async () => {
  await command("INSERT INTO kept VALUES (1), (2)");
  const first = house.pid;
  await house.restart();
  assert.equal(exists(first), false);
  assert.deepEqual(await ids(), [1, 2]);
});

test("a stop waits for the insert in progress", async () => {
  const client = createClient({ url: house.url, request_timeout: 60_000 });
  const slow = client.command({
    query: "INSERT INTO kept SELECT number + 10 FROM numbers(2) WHERE sleepEachRow(1) = 0",
  });
  await new Promise((resolve) => {
    setTimeout(resolve, 300);
  });
  await Promise.all([slow, house.restart()]);
  await client.close();
  assert.deepEqual(await ids(), [1, 2, 10, 11]);
});

test("kill -9 in the middle of many inserts loses none that was acknowledged", async () => {
  const client = createClient({ url: house.url, log: { level: ClickHouseLogLevel.OFF } });
  const acknowledged: number[] = [];
  let sent = 1000;
  const insert = async (): Promise<void> => {
    for (;;) {
      const id = (sent += 1);
      await client.insert({ table: "kept", values: [{ id }], format: "JSONEachRow" });
      acknowledged.push(id);
      if (acknowledged.length === 60) await house.kill();
    }
  };
  const writers = [insert(), insert(), insert()].map((writer) => assert.rejects(writer));
  await Promise.all(writers);
  await client.close();
  assert.ok(acknowledged.length >= 60);
  await house.restart();
  const found = new Set(await ids());
  assert.deepEqual(
    acknowledged.filter((id) => !found.has(id)),
    [],
  );
  assert.ok([...found].every((id) => id <= sent));
});

test("a second process on the same folder is refused, and told why", async () => {
  await assert.rejects(startClickHouse({ dataDir: house.dataDir }), /another process has the data folder .* open/);
  assert.deepEqual((await ids()).slice(0, 2), [1, 2]);
});

test("a port that is taken is said to be", async () => {
  const port = Number(new URL(house.url).port);
  await assert.rejects(startClickHouse({ dataDir: `${house.dataDir}-other`, port }), /EADDRINUSE/);
});

test("it ends by itself when the process that started it is gone", async () => {
  const parent = fork(new URL("../support/clickhouse-parent.ts", import.meta.url), [`${house.dataDir}-orphan`]);
  const [message] = await once(parent, "message");
  const { pid } = z.object({ pid: z.int() }).parse(message);
  assert.equal(exists(pid), true);
  parent.kill("SIGKILL");
  while (exists(pid)) {
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
  const again = await startClickHouse({ dataDir: `${house.dataDir}-orphan` });
  await again.stop();
});
