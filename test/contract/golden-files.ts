/**
 * Golden files: what a stage made of an example, as committed. They are written
 * only when UPDATE_GOLDEN=1 is set; without it a missing one fails its test.
 */
import assert from "node:assert/strict";
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const folder = path.join(import.meta.dirname, "golden");
const updating = process.env["UPDATE_GOLDEN"] === "1";
const remedy = "look at what changed, then run UPDATE_GOLDEN=1 npm test contract and commit the difference";

/** `name`: `<stage>/<case>`. */
export function matchGolden(name: string, actual: unknown): void {
  const file = path.join(folder, `${name}.json`);
  const text = `${JSON.stringify(actual, null, 2)}\n`;
  if (updating) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  assert.ok(existsSync(file), `there is no golden file for ${name}: ${remedy}`);
  assert.deepEqual(JSON.parse(text), JSON.parse(readFileSync(file, "utf8")), `${name} has changed: ${remedy}`);
}

/** Golden files that no example asked for, as `<stage>/<case>`; gone when updating. */
export function staleGoldens(asked: ReadonlySet<string>): string[] {
  const names = globSync("*/*.json", { cwd: folder }).map((file) => file.replace(/\.json$/, ""));
  const stale = names.filter((name) => !asked.has(name));
  if (!updating) return stale;
  for (const name of stale) rmSync(path.join(folder, `${name}.json`));
  return [];
}
