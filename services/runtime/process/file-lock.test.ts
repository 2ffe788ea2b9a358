import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { acquireLock } from "./file-lock.ts";
import { processIdentity } from "./process-identity.ts";

const folder = mkdtempSync(path.join(tmpdir(), "breakwater-lock-"));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const newFile = (): string => path.join(folder, `deep-${(files += 1)}`, "x.lock");

test("one holds it, another is told who and since when; released, it is free", () => {
  const file = newFile();
  const first = acquireLock(file);
  assert.ok(first.kind === "held");
  const second = acquireLock(file);
  assert.ok(second.kind === "taken");
  assert.equal(second.pid, process.pid);
  assert.ok(Date.parse(second.since) <= Date.now());
  first.release();
  assert.equal(existsSync(file), false);
  assert.equal(acquireLock(file).kind, "held");
});

test("the lock of a process that was killed is taken over", async () => {
  const file = newFile();
  const module = JSON.stringify(path.join(import.meta.dirname, "file-lock.ts"));
  const code = `const { acquireLock } = await import(${module}); process.stdout.write(acquireLock(${JSON.stringify(file)}).kind); setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: ["ignore", "pipe", "inherit"] });
  await once(holder.stdout, "data");
  assert.equal(acquireLock(file).kind, "taken");
  holder.kill("SIGKILL");
  await once(holder, "exit");
  assert.equal(acquireLock(file).kind, "held");
  assert.deepEqual(readdirSync(path.dirname(file)), ["x.lock"]);
});

test("a holder whose parent is gone is orphaned, and is not before", async () => {
  const file = newFile();
  const module = JSON.stringify(path.join(import.meta.dirname, "file-lock.ts"));
  const holder = `const { acquireLock } = await import(${module}); acquireLock(${JSON.stringify(file)}); process.stdout.write(String(process.pid)); setInterval(() => {}, 1000);`;
  const between = `const { spawn } = await import("node:child_process"); spawn(process.execPath, ["--input-type=module", "-e", ${JSON.stringify(holder)}], { stdio: "inherit" });`;
  const starter = spawn(process.execPath, ["--input-type=module", "-e", between], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [said] = await once(starter.stdout, "data");
  const isOrphaned = (): boolean | null => {
    const lock = acquireLock(file);
    return lock.kind === "taken" ? lock.isOrphaned : null;
  };
  assert.equal(isOrphaned(), false);
  const ended = once(starter, "exit");
  starter.kill("SIGKILL");
  await ended;
  assert.equal(isOrphaned(), true);
  process.kill(Number(String(said)), "SIGKILL");
});

test("a lock whose pid belongs to another process by now is stale", () => {
  const file = newFile();
  const held = acquireLock(file);
  assert.ok(held.kind === "held");
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace(/"identity":"\d+/, '"identity":"1'));
  assert.notEqual(readFileSync(file, "utf8"), text);
  assert.equal(acquireLock(file).kind, "held");
});

test("a lock file that is no lock (cut off by a full disk) is taken over", () => {
  const file = newFile();
  assert.equal(acquireLock(file).kind, "held");
  writeFileSync(file, '{"pid":');
  assert.equal(acquireLock(file).kind, "held");
});

test("a process is known by more than its number; one that is gone has no identity", async () => {
  const own = processIdentity(process.pid);
  assert.equal(processIdentity(process.pid), own);
  assert.match(own ?? "", /node/);
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  assert.equal(processIdentity(child.pid ?? 0), null);
});
