/**
 * Fetches the embedded broker's jars once per user, by Maven from infra/kafka/pom.xml,
 * into the user's cache folder. They appear there whole or not at all, also
 * when several processes fetch at the same time. Says in one sentence what is
 * missing: Java 17 or newer, Maven, or the way to Maven Central.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { ConfigError } from "../../services/runtime/errors.ts";

const run = promisify(execFile);
const leastJava = 17;
const pomFile = join(import.meta.dirname, "..", "kafka", "pom.xml");

/** Folder that holds the jars; fetched first if they are not there. */
export async function brokerJars(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const folder = join(env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "breakwater", "kafka-4.1.0");
  if (!existsSync(folder)) await fetchInto(folder, env);
  return folder;
}

/** Errors: ConfigError with the remedy. */
export async function requireJava(env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const major = await javaMajorVersion(env);
  if (major === null)
    throw new ConfigError(
      `The embedded Kafka needs Java ${leastJava} or newer on the PATH: install a JRE, or set KAFKA_BROKERS to a Kafka of yours.`,
    );
  if (major < leastJava)
    throw new ConfigError(
      `The embedded Kafka needs Java ${leastJava} or newer, found Java ${major}: install a newer JRE, or set KAFKA_BROKERS to a Kafka of yours.`,
    );
}

async function javaMajorVersion(env: NodeJS.ProcessEnv): Promise<number | null> {
  try {
    const { stderr, stdout } = await run("java", ["-version"], { env });
    const found = /version "(?:1\.)?(\d+)/.exec(stderr + stdout);
    return found?.[1] === undefined ? null : Number(found[1]);
  } catch {
    return null;
  }
}

async function fetchInto(folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const unfinished = await mkdtemp(`${folder}.`);
  try {
    await copyDependencies(unfinished, env);
    await rename(unfinished, folder).catch((error: unknown) => {
      // Another process was first; a folder that holds files is never replaced by rename.
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function copyDependencies(folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  const goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", `-DoutputDirectory=${folder}`];
  try {
    await run("mvn", ["-q", "-B", "-f", pomFile, ...goal], { env });
  } catch (error) {
    throw new ConfigError(mavenTrouble(error));
  }
}

function mavenTrouble(error: unknown): string {
  const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
  if (missing)
    return "The embedded Kafka is fetched by Maven, which is not on the PATH: install Maven, or set KAFKA_BROKERS to a Kafka of yours.";
  const output = error instanceof Error && "stdout" in error ? String(error.stdout) : String(error);
  const reason = output.split("\n").find((line) => line.includes("[ERROR]")) ?? "no reason given";
  return `Maven could not fetch the embedded Kafka (${reason.replace(/^\[ERROR\]\s*/, "").slice(0, 300)}): check its way to Maven Central, or set KAFKA_BROKERS to a Kafka of yours.`;
}
