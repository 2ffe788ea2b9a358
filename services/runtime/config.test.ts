import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { describeConfig, readConfig } from "./config.ts";
import { ConfigError } from "./errors.ts";
import { secretVariables, variables, type VariableName } from "./variables.ts";

const problemsOf = (names: readonly VariableName[], environment: Record<string, string>): readonly string[] => {
  try {
    readConfig(names, environment);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.message.split("\n");
  }
  return [];
};

test("values are parsed into their units and defaults filled in", () => {
  const config = readConfig(["KAFKA_BROKERS", "BREAKWATER_MAX_IN_FLIGHT", "BREAKWATER_COMMIT_INTERVAL_MS"], {
    KAFKA_BROKERS: "a:9092, b:9092",
    BREAKWATER_MAX_IN_FLIGHT: "7",
  });
  assert.deepEqual(config, {
    KAFKA_BROKERS: ["a:9092", "b:9092"],
    BREAKWATER_MAX_IN_FLIGHT: 7,
    BREAKWATER_COMMIT_INTERVAL_MS: 500,
  });
});

test("every problem is told at once, with the variable's name", () => {
  const problems = problemsOf(["KAFKA_BROKERS", "BREAKWATER_SESSION_TIMEOUT_MS", "KAFKA_SASL_MECHANISM"], {
    BREAKWATER_SESSION_TIMEOUT_MS: "10",
    KAFKA_SASL_MECHANISM: "kerberos",
    BREAKWATER_COMIT_INTERVAL_MS: "5",
  });
  const wanted = ["BREAKWATER_COMIT_INTERVAL_MS", "KAFKA_BROKERS is not set", "BREAKWATER_SESSION_TIMEOUT_MS", "SASL"];
  for (const part of wanted)
    assert.ok(
      problems.some((line) => line.includes(part)),
      part,
    );
  assert.equal(problems.length, 4);
});

test("a misspelt variable is told the nearest name", () => {
  const [line] = problemsOf([], { BREAKWATER_COMMIT_INTERVALL_MS: "5" });
  assert.match(line ?? "", /nearest is BREAKWATER_COMMIT_INTERVAL_MS/);
  assert.match(problemsOf([], { BREAKWATER_PARTITION: "4" })[0] ?? "", /nearest is BREAKWATER_PARTITIONS/);
});

test("an empty value counts as not set", () => {
  assert.equal(readConfig(["BREAKWATER_PARTITIONS"], { BREAKWATER_PARTITIONS: "" }).BREAKWATER_PARTITIONS, 24);
  assert.match(problemsOf(["CLICKHOUSE_URL"], { CLICKHOUSE_URL: "" })[0] ?? "", /CLICKHOUSE_URL is not set/);
});

test("variables of other programs are left alone", () => {
  assert.deepEqual(problemsOf([], { PATH: "/bin", OTEL_TRACES_SAMPLER: "always_on" }), []);
});

test("neither a problem nor the summary shows a secret", () => {
  // Long enough for every rule, and a key by its form.
  const canary = "7f3a".repeat(16);
  for (const name of secretVariables) {
    const text = JSON.stringify(describeConfig(readConfig([name], { [name]: canary })));
    assert.ok(text.includes("[hidden]") && !text.includes(canary), name);
  }
  const url = `http://user:${canary}@host:8123`;
  const summary = JSON.stringify(describeConfig(readConfig(["CLICKHOUSE_URL"], { CLICKHOUSE_URL: url })));
  assert.ok(!summary.includes(canary) && summary.includes("host:8123"));
  const problem = problemsOf(["BREAKWATER_MAX_IN_FLIGHT"], { BREAKWATER_MAX_IN_FLIGHT: canary }).join();
  assert.ok(problem.includes("BREAKWATER_MAX_IN_FLIGHT") && !problem.includes(canary));
});

test("every secret may stand in a file that its variable with _FILE names; the line break at its end is none of it", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "breakwater-secret-"));
  const file = path.join(folder, "secret");
  const canary = "7f3a".repeat(16);
  writeFileSync(file, `${canary}\n`);
  for (const name of secretVariables) {
    const [given, read] = [{ [name]: canary }, { [`${name}_FILE`]: file }].map((env) => readConfig([name], env));
    assert.deepEqual(read, given, name);
    assert.deepEqual(readConfig([name], { [name]: "", [`${name}_FILE`]: file }), given, name);
    const both = problemsOf([name], { [name]: canary, [`${name}_FILE`]: file });
    assert.deepEqual(both, [`${name} and ${name}_FILE are both set: give one of them`]);
    const away = problemsOf([name], { [`${name}_FILE`]: path.join(folder, "none") });
    assert.deepEqual(away, [`${name}_FILE: its file cannot be read`]);
  }
  rmSync(folder, { recursive: true });
  assert.match(problemsOf([], { BREAKWATER_PARTITIONS_FILE: "x" })[0] ?? "", /PARTITIONS_FILE is not a setting/);
});

test("every variable says what it is", () => {
  for (const [name, rule] of Object.entries(variables)) assert.ok(rule.description, name);
});
