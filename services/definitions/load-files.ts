/**
 * Reads harness definitions from files: `harness.ts` exports `harness` (made
 * by defineHarness), `*.yaml` holds the same fields with JSON Schema contracts.
 * Every error names the file, and in YAML the line.
 */
import { readFile } from "node:fs/promises";
import { basename, extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import { readHarness } from "./define-harness.ts";
import { describeReasons, loadDefinition } from "./load-definition.ts";
import { readYaml } from "./yaml/read-yaml.ts";

/** @throws Error naming the file and, a line each, the path and rule of every mistake. */
export async function loadHarnessFile(path: string): Promise<HarnessDefinition> {
  try {
    return isModule(path) ? await loadModule(path) : fromYaml(await readFile(path, "utf8"));
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : "cannot be read"}`, { cause: error });
  }
}

function fromYaml(text: string): HarnessDefinition {
  const { value, lineOf } = readYaml(text);
  const read = readHarness(value);
  if (read.kind === "loaded") return read.definition;
  const placed = read.reasons.map((reason) => ({ line: lineOf(reason.path ?? ""), text: describeReasons([reason]) }));
  const inOrder = placed.toSorted((left, right) => left.line - right.line);
  throw new Error(inOrder.map(({ line, text }) => `line ${line}: ${text}`).join("\n"));
}

function isModule(path: string): boolean {
  const extension = extname(path);
  if (extension === ".ts" || extension === ".js" || extension === ".mjs") return true;
  if (extension === ".yaml" || extension === ".yml" || extension === ".json") return false;
  throw new Error(`${basename(path)} is neither TypeScript nor YAML`);
}

async function loadModule(path: string): Promise<HarnessDefinition> {
  const exported: unknown = await import(pathToFileURL(resolve(path)).href);
  if (typeof exported !== "object" || exported === null) throw new Error("exports nothing");
  const harness = "harness" in exported ? exported.harness : "default" in exported ? exported.default : undefined;
  if (harness === undefined) throw new Error("must export `harness`, made by defineHarness");
  const loaded = loadDefinition(harness);
  if (loaded.kind === "rejected") throw new Error(describeReasons(loaded.reasons));
  return loaded.definition;
}
