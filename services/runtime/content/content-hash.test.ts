import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { contentHash } from "../../../schemas/parts/content.ts";
import { openContentHasher } from "./content-hash.ts";
import { secretKeysOf } from "../secrets/secret-key.ts";

const first = "11".repeat(32);
const hash = (setting: string, content: unknown): string => openContentHasher(setting)?.hashOf(content) ?? "";

test("law: the same content has the same hash, whatever the order of its fields, and another has another", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), (fields, other) => {
      const turned = Object.fromEntries(Object.entries(fields).toReversed());
      assert.equal(hash(first, turned), hash(first, fields));
      assert.notEqual(hash(first, [fields, other]), hash(first, fields));
      assert.equal(contentHash.parse(hash(first, fields)), hash(first, fields));
    }),
  );
});

test("the key's id stands before it, and another key gives another hash", () => {
  const second = "22".repeat(32);
  assert.equal(hash(first, "a").split(":")[0], secretKeysOf(first)[0].id);
  assert.notEqual(hash(first, "a").split(":")[1], hash(second, "a").split(":")[1]);
  assert.equal(hash(`${second},${first}`, "a"), hash(second, "a"), "the key in use hashes");
});

test("without a key there is no hash", () => {
  assert.equal(openContentHasher(undefined), null);
});
