import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ConfigError } from "../../services/runtime/errors.ts";
import { brokerJars, requireJava } from "./broker-jars.ts";

const folder = mkdtempSync(join(tmpdir(), "breakwater-jars-"));
after(() => rmSync(folder, { recursive: true }));

/** An environment in which only these programs are on the PATH, each a shell script, and the cache is empty. */
function environment(name: string, programs: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const bin = join(folder, name, "bin");
  mkdirSync(bin, { recursive: true });
  for (const [program, script] of Object.entries(programs)) {
    writeFileSync(join(bin, program), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, program), 0o755);
  }
  return { PATH: `${bin}:/bin:/usr/bin/nowhere`, XDG_CACHE_HOME: join(folder, name, "cache") };
}

const saysOneSentence = (words: RegExp) => (error: unknown) =>
  error instanceof ConfigError && words.test(error.message) && !error.message.includes("\n");
/** What maven does for us: fills the folder it is told. */
const fillFolder =
  'for word in "$@"; do case "$word" in -DoutputDirectory=*) echo jar > "${word#*=}/kafka.jar";; esac; done';

for (const [name, script, words] of [
  ["java-8", "echo 'openjdk version \"1.8.0_392\"' >&2", /Java 17 or newer, found Java 8/],
  ["java-11", "echo 'openjdk version \"11.0.21\" 2023-10-17' >&2", /found Java 11/],
  ["java-broken", "exit 1", /needs Java 17 or newer on the PATH/],
] as const) {
  test(`${name}: the remedy is said in one sentence`, async () => {
    await assert.rejects(requireJava(environment(name, { java: script })), saysOneSentence(words));
  });
}

test("Java 17 and Java 26 will do", async () => {
  for (const version of ["17.0.15", "26"]) {
    await requireJava(environment(`java-${version}`, { java: `echo 'openjdk version "${version}"' >&2` }));
  }
});

test("without Maven the remedy is said in one sentence, and nothing is left behind", async () => {
  const env = environment("no-maven", {});
  await assert.rejects(
    brokerJars({ ...env, PATH: join(folder, "no-maven", "bin") }),
    saysOneSentence(/Maven, which is not on the PATH/),
  );
  assert.deepEqual(readdirSync(join(folder, "no-maven", "cache", "breakwater")), []);
});

test("when Maven fails its own reason is passed on", async () => {
  const env = environment("maven-fails", { mvn: "echo '[ERROR] Could not resolve org.apache.kafka'; exit 1" });
  await assert.rejects(brokerJars(env), saysOneSentence(/Could not resolve org\.apache\.kafka/));
});

test("the jars are fetched once, and several processes at the same time do not get in each other's way", async () => {
  const env = environment("race", { mvn: `${fillFolder}\necho run >> "${folder}/race-runs"` });
  const folders = await Promise.all([brokerJars(env), brokerJars(env), brokerJars(env)]);
  assert.equal(new Set(folders).size, 1);
  const [jars] = folders;
  assert.ok(existsSync(join(jars, "kafka.jar")));
  assert.deepEqual(readdirSync(join(jars, "..")), ["kafka-4.1.0"]);
  assert.equal(await brokerJars({ ...env, PATH: "" }), jars);
});
