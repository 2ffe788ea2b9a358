/**
 * Python for tests: an environment of its own under node_modules/.cache, made
 * from requirements.txt when that has changed, and programs run in it.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { text } from "node:stream/consumers";
import { need } from "./needed-parts.ts";

const here = import.meta.dirname;
const home = path.resolve(here, "../../node_modules/.cache/breakwater-python");
const wanted = path.join(here, "requirements.txt");
const installed = path.join(home, "requirements.txt");

export interface Ended {
  readonly status: number | null;
  /** All that it wrote, errors included. */
  readonly said: string;
}

/** Errors: what is missing of Python, or what pip says. */
export async function preparePython(): Promise<void> {
  need("python3");
  const requirements = await readFile(wanted, "utf8");
  if (requirements === (await readFile(installed, "utf8").catch(() => ""))) return;
  await rm(home, { recursive: true, force: true });
  await mkdir(path.dirname(home), { recursive: true });
  await succeed("python3", ["-m", "venv", home]);
  await succeed(inEnvironment("python"), ["-m", "pip", "install", "--quiet", "--no-input", "-r", wanted]);
  await writeFile(installed, requirements);
}

/** A program of the environment: `python`, or one that a package brought. */
export function inEnvironment(program: string): string {
  return path.join(home, "bin", program);
}

export async function run(
  program: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1", ...environment };
  const child = spawn(program, words, { cwd: here, env, stdio: ["ignore", "pipe", "pipe"] });
  const [out, error, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { status: typeof status === "number" ? status : null, said: out + error };
}

async function succeed(program: string, words: readonly string[]): Promise<void> {
  const { status, said } = await run(program, words);
  if (status !== 0) throw new Error(`${program} ${words.join(" ")} ended with ${status}: ${said}`);
}
