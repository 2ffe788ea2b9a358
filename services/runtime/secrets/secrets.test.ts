/** The key, and what is made of it: tokens that repeat, boxes that open for their own run alone, a file for its owner. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { describeConfig, readConfig } from "../config.ts";
import { keepKey, keyFile, readKeyFile } from "./key-file.ts";
import { noPrivacyKeys, openPrivacyKeys } from "./privacy-keys.ts";
import { openOpener, openSealer } from "./sealer.ts";
import { secretKeyDefect, secretKeysOf } from "./secret-key.ts";
import { openTokeniser } from "./tokeniser.ts";

const bytes = Buffer.from(Array.from({ length: 32 }, (_, index) => index * 7));
const written = bytes.toString("base64");
const [key] = secretKeysOf(written);
const [otherKey] = secretKeysOf("ab".repeat(32));
const run = "0193f5a0-0000-7000-8000-000000000001";
const otherRun = "0193f5a0-0000-7000-8000-000000000002";
const pseudonyms = new Map([
  ["[EMAIL_1]", "ann@example.com"],
  ["[CARD_1]", "4111 1111 1111 1111"],
]);

const settings: readonly [what: string, setting: string, good: boolean][] = [
  ["base64", written, true],
  ["base64 without padding", written.replace("=", ""), true],
  ["base64 for URLs", Buffer.alloc(32, 251).toString("base64url"), true],
  ["hex", bytes.toString("hex"), true],
  ["several", `${written}, ${bytes.toString("hex")}`, true],
  ["31 bytes", bytes.subarray(1).toString("base64"), false],
  ["33 bytes", Buffer.alloc(33).toString("base64"), false],
  ["hex that is cut", bytes.toString("hex").slice(1), false],
  ["words", "correct horse battery staple", false],
  ["a bad one among good ones", `${written},nope`, false],
];
for (const [what, setting, good] of settings) {
  test(`a key as ${what} ${good ? "is taken" : "is refused without being quoted"}`, () => {
    const read = () => readConfig(["BREAKWATER_SECRET_KEY"], { BREAKWATER_SECRET_KEY: setting });
    if (good) {
      assert.equal(secretKeyDefect(setting), null);
      assert.equal(JSON.stringify(describeConfig(read())).includes(setting.slice(0, 12)), false);
    } else {
      assert.throws(
        read,
        (error) => error instanceof Error && /32 bytes/.test(error.message) && !error.message.includes(setting),
      );
    }
  });
}

test("one key written in two ways is one key, and each purpose has its own", () => {
  const [fromHex] = secretKeysOf(bytes.toString("hex"));
  assert.equal(fromHex.id, key.id);
  assert.deepEqual(fromHex.derive("a"), key.derive("a"));
  assert.notDeepEqual(key.derive("a"), key.derive("b"));
  assert.notEqual(key.id, otherKey.id);
  assert.equal(key.derive("a").length, 32);
});

test("a token is the same for the same value of the same client and kind, and for nothing else", () => {
  const tokeniser = openTokeniser(key);
  const scope = { clientId: "acme", entity: "email" };
  const token = tokeniser.tokenOf(scope, "ann@example.com");
  assert.equal(openTokeniser(key).tokenOf({ ...scope }, "ann@example.com"), token);
  const others = [
    tokeniser.tokenOf(scope, "bob@example.com"),
    tokeniser.tokenOf({ ...scope, clientId: "globex" }, "ann@example.com"),
    tokeniser.tokenOf({ ...scope, entity: "secret" }, "ann@example.com"),
    tokeniser.tokenOf({ clientId: "acmeemail", entity: "" }, "ann@example.com"),
    openTokeniser(otherKey).tokenOf(scope, "ann@example.com"),
  ];
  assert.equal(new Set([token, ...others]).size, 6);
});

test("law: a token is 12 hex digits, of which one at least is a letter", () => {
  const tokeniser = openTokeniser(key);
  fc.assert(
    fc.property(fc.string(), fc.string(), (clientId, value) => {
      assert.match(tokeniser.tokenOf({ clientId, entity: "card" }, value), /^(?=.*[a-f])[0-9a-f]{12}$/);
    }),
    { numRuns: 2000 },
  );
});

test("law: what is sealed for a run opens for that run, and a box tells nothing of it", () => {
  const opener = openOpener([key]);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string(), fc.string())), (entries) => {
      const map = new Map(entries);
      assert.deepEqual(opener.open(run, openSealer(key).seal(run, map)), map);
    }),
  );
  const box = openSealer(key).seal(run, pseudonyms);
  assert.equal(Buffer.from(box.sealed, "base64").includes("ann@"), false);
  assert.notEqual(openSealer(key).seal(run, pseudonyms).sealed, box.sealed);
});

test("a box does not open for another run, under another key, or when a bit of it is changed", () => {
  const box = openSealer(key).seal(run, pseudonyms);
  const opener = openOpener([key]);
  assert.deepEqual(opener.open(run, box), pseudonyms);
  assert.equal(opener.open(otherRun, box), null);
  assert.equal(openOpener([otherKey]).open(run, box), null);
  assert.equal(openOpener([otherKey]).open(run, { ...box, key_id: otherKey.id }), null);
  assert.equal(opener.open(run, { ...box, sealed: "AAAA" }), null);
  assert.equal(opener.open(run, { ...box, sealed: "" }), null);
  const raw = Buffer.from(box.sealed, "base64");
  for (const at of [0, 12, raw.length - 1]) {
    const changed = Buffer.from(raw);
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.equal(opener.open(run, { ...box, sealed: changed.toString("base64") }), null);
  }
});

test("after a rotation the new key seals, and both open", () => {
  const before = openSealer(key).seal(run, pseudonyms);
  const rotated = openPrivacyKeys(`${"ab".repeat(32)},${written}`);
  assert.deepEqual(rotated.opener?.open(run, before), pseudonyms);
  const after = rotated.sealer?.seal(run, pseudonyms);
  assert.equal(after?.key_id, otherKey.id);
  assert.equal(after === undefined ? undefined : openOpener([key]).open(run, after), null);
});

test("without a key there is nothing to hash, seal or open with", () => {
  assert.deepEqual(openPrivacyKeys(undefined), noPrivacyKeys);
  assert.ok(Object.values(noPrivacyKeys).every((key) => key === null));
});

test("an embedded system makes its key once, for its owner alone, and never makes another over a bad one", () => {
  const home = mkdtempSync(path.join(os.tmpdir(), "breakwater-key-"));
  try {
    const inner = path.join(home, "new");
    assert.equal(readKeyFile(inner, "secret-key"), null);
    const made = keepKey(inner, "secret-key");
    assert.equal(secretKeyDefect(made), null);
    assert.equal(keepKey(inner, "secret-key"), made);
    assert.equal(statSync(keyFile(inner, "secret-key")).mode & 0o777, 0o600);
    assert.notEqual(keepKey(path.join(home, "other"), "secret-key"), made);
    writeFileSync(keyFile(inner, "secret-key"), "not a key\n");
    assert.throws(() => keepKey(inner, "secret-key"), /holds no key/);
    assert.equal(readFileSync(keyFile(inner, "secret-key"), "utf8"), "not a key\n");
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
