/** Whose key the stages get, and that no line shows it. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { readConfig } from "../../runtime/config.ts";
import { keyFile } from "../../runtime/secrets/key-file.ts";
import { auditKeyVariables, describeSecretKey, secretKeyFor, secretKeyVariables } from "./secret-key.ts";

const home = mkdtempSync(path.join(tmpdir(), "breakwater-up-key-"));
after(() => rmSync(home, { recursive: true, force: true }));

test("the environment's key goes before one of the home, and none is made", () => {
  const source = secretKeyFor({ home, env: { BREAKWATER_SECRET_KEY: "ab".repeat(32) }, embedded: true });
  assert.deepEqual(source, { kind: "given" });
  assert.deepEqual(secretKeyVariables(source), {});
  assert.equal(describeSecretKey(source).includes("abab"), false);
  assert.equal(existsSync(keyFile(home, "secret-key")), false);
});

test("beside a Kafka of one's own there is none, and it is said how to give one", () => {
  const source = secretKeyFor({ home, env: { BREAKWATER_SECRET_KEY: "" }, embedded: false });
  assert.deepEqual(secretKeyVariables(source), {});
  assert.match(describeSecretKey(source), /none; set BREAKWATER_SECRET_KEY/);
  assert.equal(existsSync(keyFile(home, "secret-key")), false);
});

test("an embedded system has one of its own, the same at every start, and the stages accept it", () => {
  const first = secretKeyFor({ home, env: {}, embedded: true });
  const again = secretKeyFor({ home, env: {}, embedded: true });
  assert.deepEqual(again, first);
  const variables = secretKeyVariables(first);
  const { BREAKWATER_SECRET_KEY: key = "" } = readConfig(["BREAKWATER_SECRET_KEY"], variables);
  assert.ok(key.length > 40);
  assert.equal(describeSecretKey(first).includes(key), false);
  assert.match(describeSecretKey(first), /secret-key; set BREAKWATER_SECRET_KEY to use yours/);
});

test("audit-seal signs with a key of the home too, unless the environment gives one or Kafka is not ours", () => {
  const made = auditKeyVariables({ home, env: {}, embedded: true });
  assert.deepEqual(auditKeyVariables({ home, env: {}, embedded: true }), made);
  const { BREAKWATER_AUDIT_KEY: key = "" } = readConfig(["BREAKWATER_AUDIT_KEY"], made);
  assert.ok(
    key.length > 40 &&
      key !== secretKeyVariables(secretKeyFor({ home, env: {}, embedded: true }))["BREAKWATER_SECRET_KEY"],
  );
  assert.deepEqual(auditKeyVariables({ home, env: { BREAKWATER_AUDIT_KEY: "cd".repeat(32) }, embedded: true }), {});
  assert.deepEqual(auditKeyVariables({ home, env: {}, embedded: false }), {});
});
