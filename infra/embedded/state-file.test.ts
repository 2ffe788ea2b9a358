import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import {
  embeddedStateFile,
  liveEmbeddedState,
  readEmbeddedState,
} from "../../services/runtime/process/embedded-state.ts";
import { processIdentity } from "../../services/runtime/process/process-identity.ts";
import { endLeftovers, openStateFile } from "./state-file.ts";

const folder = mkdtempSync(path.join(tmpdir(), "breakwater-state-"));
const children: ChildProcess[] = [];
after(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});
let homes = 0;
const newHome = (): string => path.join(folder, `home-${(homes += 1)}`);

async function child(code: string): Promise<ChildProcess> {
  const started = spawn(process.execPath, ["-e", `${code}; console.log("up"); setInterval(() => {}, 1000)`]);
  children.push(started);
  await once(started.stdout, "data");
  return started;
}

const stubborn = `process.on("SIGTERM", () => {})`;

test("addresses count only when everything is ready, and as long as the process runs", () => {
  const home = newHome();
  const state = openStateFile(home);
  state.note("kafka", "127.0.0.1:1", process.pid);
  assert.equal(liveEmbeddedState(home), null);
  state.ready();
  assert.deepEqual(liveEmbeddedState(home)?.addresses, { kafka: "127.0.0.1:1" });
  const file = embeddedStateFile(home);
  writeFileSync(file, readFileSync(file, "utf8").replace(`"pid": ${process.pid}`, '"pid": 999999999'));
  assert.equal(liveEmbeddedState(home), null);
  assert.deepEqual(readdirSync(home), ["embedded.json"]);
});

test("a part that was started again stands there once, with its new process", async () => {
  const home = newHome();
  const state = openStateFile(home);
  const [first, second] = [await child(""), await child("")];
  state.note("kafka", "127.0.0.1:1", first.pid ?? 0);
  state.note("kafka", "127.0.0.1:1", second.pid ?? 0);
  assert.deepEqual(
    readEmbeddedState(home)?.processes.map(({ part, pid }) => [part, pid]),
    [["kafka", second.pid]],
  );
});

test("what an earlier system left running is ended, also what ignores SIGTERM; nothing else is", async () => {
  const home = newHome();
  const state = openStateFile(home);
  const [meek, stubbornOne, other] = [await child(""), await child(stubborn), await child("")];
  state.note("kafka", "a:1", meek.pid ?? 0);
  state.note("clickhouse", "http://a:2", stubbornOne.pid ?? 0);
  state.note("stand-in", "http://a:3", other.pid ?? 0);
  // As if the pid had gone to another program since.
  const file = embeddedStateFile(home);
  const identity = JSON.stringify(processIdentity(other.pid ?? 0)).slice(1, -1);
  writeFileSync(file, readFileSync(file, "utf8").replace(identity, `1 ${identity}`));
  const ended = await endLeftovers(home, 300);
  assert.deepEqual(
    ended.map(({ part }) => part),
    ["kafka", "clickhouse"],
  );
  for (const one of [meek, stubbornOne]) if (one.exitCode === null && one.signalCode === null) await once(one, "exit");
  assert.notEqual(processIdentity(other.pid ?? 0), null);
  assert.equal(existsSync(file), false);
});

test("a folder without a state, or with a broken one, has no leftovers", async () => {
  const home = newHome();
  assert.deepEqual(await endLeftovers(home), []);
  openStateFile(home);
  writeFileSync(embeddedStateFile(home), '{"pid":');
  assert.deepEqual(await endLeftovers(home), []);
  assert.equal(liveEmbeddedState(home), null);
});
