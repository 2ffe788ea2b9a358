/** acls.sh is what the catalog gives, a shell reads from it what is meant, and nobody may do more than the catalog says. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { catalog } from "../../topics/catalog.ts";
import { aclFile, aclScript, grantsOf, principals, userOf } from "./acls.ts";

test("the file is the one that the catalog gives: npm run docs:generate", () => {
  assert.equal(readFileSync(aclFile, "utf8"), aclScript());
});

test("a shell gives kafka-acls.sh every grant, and nothing else", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "breakwater-acls-"));
  try {
    const tool = path.join(folder, "kafka-acls.sh");
    writeFileSync(tool, '#!/bin/sh\necho "$@"\n');
    chmodSync(tool, 0o755);
    const env = { PATH: `${folder}:${process.env["PATH"] ?? ""}`, KAFKA_BROKERS: "b:9092", ADMIN_CONFIG: "a" };
    const said = execFileSync("sh", [fileURLToPath(aclFile)], { env, encoding: "utf8" })
      .trim()
      .split("\n");
    const wanted = principals.flatMap(grantsOf).map(({ principal, operation, resource, pattern, names }) => {
      const on =
        resource === "cluster"
          ? " --cluster"
          : ` --resource-pattern-type ${pattern}${names.map((name) => ` --${resource} ${name}`).join("")}`;
      const head = "--bootstrap-server b:9092 --command-config a --add --force --allow-principal";
      return `${head} User:${userOf(principal)} --operation ${operation}${on}`;
    });
    assert.deepEqual(said, wanted);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const writes = (principal: (typeof principals)[number]): readonly string[] =>
  grantsOf(principal).flatMap(({ operation, names }) => (operation === "Write" ? names : []));

for (const { what, topic, by } of [
  {
    what: "results are said by those who decide",
    topic: "harness-results",
    by: ["input-scan", "model-invoke", "output-validate"],
  },
  { what: "calls are journaled by those who call", topic: "harness-calls", by: ["model-invoke", "output-validate"] },
  { what: "definitions are published by the operator alone", topic: "harness-definitions", by: ["cli"] },
  { what: "signatures likewise", topic: "harness-signatures", by: ["cli"] },
  { what: "prices likewise", topic: "harness-prices", by: ["cli"] },
  { what: "keys likewise", topic: "harness-clients", by: ["cli"] },
  { what: "dead letters by who reads the topic", topic: "harness-requests-dlq", by: ["input-scan"] },
])
  test(what, () =>
    assert.deepEqual(
      principals.filter((principal) => writes(principal).includes(topic)),
      by,
    ),
  );

test("the sink writes dead letters alone, and no stage may create topics", () => {
  assert.deepEqual(
    writes("cost-aggregate").filter((topic) => !topic.endsWith("-dlq")),
    [],
  );
  const creators = principals.filter((principal) =>
    grantsOf(principal).some(({ operation }) => operation === "Create"),
  );
  assert.deepEqual(creators, ["cli"]);
});

test("a topic that a service's sources name is one that it may read or write", () => {
  const topics = new Set<string>(catalog.map(({ name }) => name));
  const missing = principals.flatMap((principal) => {
    const allowed = new Set(grantsOf(principal).flatMap(({ names }) => names));
    // How far the stages are is seen without reading.
    if (principal === "gateway") allowed.add("harness-scanned");
    const files = globSync(`services/${principal}/**/*.ts`, { exclude: ["**/*.test.ts"] });
    return files.flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/"(harness-[a-z-]+)"/g)]
        .map((match) => match[1] ?? "")
        .filter((topic) => topics.has(topic) && !allowed.has(topic))
        .map((topic) => `${file} names ${topic}`),
    );
  });
  assert.deepEqual(missing, []);
});
