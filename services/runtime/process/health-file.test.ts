import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, mock, test } from "node:test";
import { ConfigError } from "../errors.ts";
import { keepHealthFile } from "./health-file.ts";

const folder = mkdtempSync(path.join(tmpdir(), "breakwater-health-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("it is there at once, comes back with the next beat, and is gone for good when the process stops", () => {
  mock.timers.enable({ apis: ["setInterval"] });
  const file = path.join(folder, "health");
  const close = keepHealthFile(file);
  assert.ok(existsSync(file));
  rmSync(file);
  mock.timers.tick(5_000);
  assert.ok(existsSync(file), "a beat writes it");
  close();
  mock.timers.tick(60_000);
  assert.ok(!existsSync(file));
  mock.timers.reset();
});

test("a place that cannot be written stops the start, with the variable's name", () => {
  assert.throws(
    () => keepHealthFile(path.join(folder, "none", "health")),
    (error: unknown) => error instanceof ConfigError && error.message.startsWith("BREAKWATER_HEALTH_FILE: "),
  );
});
