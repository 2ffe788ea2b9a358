import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, test } from "node:test";
import { RunningSystem } from "../../services/cli/up/running-system.ts";
import { restartPauseMs, StageProcess } from "../../services/cli/up/stage-process.ts";
import { processIdentity } from "../../services/runtime/process/process-identity.ts";

const folder = mkdtempSync(path.join(tmpdir(), "breakwater-stages-"));
after(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;

function stage(manners: string): { readonly process: StageProcess; readonly said: string[] } {
  count += 1;
  const said: string[] = [];
  const options = {
    name: "input-scan" as const,
    file: path.join(import.meta.dirname, "stand-ins", "stage.ts"),
    env: { ...process.env, STAGE_MANNERS: manners, STAGE_MARKER: path.join(folder, `marker-${count}`) },
    logFile: path.join(folder, `${count}.log`),
    drainMs: 0,
    say: (line: string) => void said.push(line),
  };
  return { process: new StageProcess(options), said };
}

test("a stage that is ready runs as a process of its own until it is stopped", async () => {
  const { process: running, said } = stage("");
  await running.start();
  const pid = running.pid ?? 0;
  assert.ok(processIdentity(pid) !== null && pid !== process.pid);
  await running.stop();
  assert.equal(processIdentity(pid), null);
  assert.deepEqual(said, []);
});

test("a stage that ends is started again, and that is said", async () => {
  const { process: running, said } = stage("brief-once");
  await running.start();
  assert.match(
    said.join("\n"),
    /input-scan ended with status 1; starting it again in 0\.5 s \(log: .*\)\ninput-scan is back/,
  );
  await running.stop();
});

test("a stage that refuses its settings is not started again", async () => {
  const { process: running } = stage("settings");
  await assert.rejects(running.start(), /input-scan refuses its settings; its log is/);
});

test("a stage that stopped over dead letters is not started again: it would only make more", async () => {
  const { process: running, said } = stage("poisoned");
  await running.start();
  while (said.length === 0) await sleep(20);
  assert.match(said[0] ?? "", /nothing but dead letters.*dlq list/);
  await sleep(700);
  assert.equal(said.length, 1);
  await running.stop();
});

test("a stage that never gets ready is given up after some starts", async () => {
  const { process: running, said } = stage("mute");
  await assert.rejects(running.start(), /does not start; its log is/);
  assert.equal(said.length, 4);
});

test("pauses between starts grow to half a minute and no further", () => {
  assert.deepEqual([1, 2, 3, 7, 50].map(restartPauseMs), [500, 1000, 2000, 30_000, 30_000]);
});

test("told to stop twice, everything ends at once, also what does not want to", async () => {
  const { process: stubborn } = stage("stubborn");
  await stubborn.start();
  const said: string[] = [];
  const system = new RunningSystem((line) => void said.push(line));
  system.addStage(stubborn);
  const pid = stubborn.pid ?? 0;
  const stopped = system.stop();
  process.emit("SIGINT");
  await sleep(1100);
  assert.notEqual(processIdentity(pid), null, "npm passes one Ctrl-C on as two: they count as one");
  process.emit("SIGINT");
  await stopped;
  assert.equal(processIdentity(pid), null);
  assert.match(said.join("\n"), /Ending everything at once/);
});

test("while everything is being stopped nothing new may start", async () => {
  const system = new RunningSystem(() => undefined);
  await system.stop();
  assert.throws(() => system.addStage(stage("").process), /interrupted/);
});

test("a stopping that found nothing says nothing", async () => {
  const said: string[] = [];
  await new RunningSystem((line) => void said.push(line)).stop();
  assert.deepEqual(said, []);
});
