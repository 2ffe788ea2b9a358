import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { lockFolder } from "./folder-lock.ts";

const folder = mkdtempSync(join(tmpdir(), "breakwater-lock-"));

after(() => rmSync(folder, { recursive: true, force: true }));

/** Another process that tries once, tells whether it holds the lock, and waits to be killed. */
async function rival(): Promise<{ readonly child: ChildProcess; readonly holds: boolean }> {
  const module = JSON.stringify(new URL("folder-lock.ts", import.meta.url).href);
  const code = `const { lockFolder } = await import(${module});
    const release = lockFolder(${JSON.stringify(folder)});
    process.send(release !== null);
    process.on("message", () => { release?.(); process.exit(0); });`;
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", "--input-type=module", "-e", code], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const [holds] = await once(child, "message");
  return { child, holds: holds === true };
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

test("one holds the folder, the next is turned away, and after the release it is free", async () => {
  const release = lockFolder(folder);
  assert.ok(release !== null);
  const turnedAway = await rival();
  assert.equal(turnedAway.holds, false);
  await kill(turnedAway.child);
  release();
  const next = await rival();
  assert.equal(next.holds, true);
  assert.equal(lockFolder(folder), null);
  await kill(next.child);
});

test("a holder that was killed leaves nothing behind", async () => {
  const holder = await rival();
  assert.equal(holder.holds, true);
  await kill(holder.child);
  const release = lockFolder(folder);
  assert.ok(release !== null);
  release();
});

test("of many that try at once exactly one gets it", async () => {
  const rivals = await Promise.all(Array.from({ length: 5 }, () => rival()));
  assert.equal(rivals.filter(({ holds }) => holds).length, 1);
  await Promise.all(rivals.map(({ child }) => kill(child)));
});
