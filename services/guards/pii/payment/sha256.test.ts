/** SHA-256 in plain TypeScript: the same as Node's for every message. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { sha256 } from "./sha256.ts";

test("law: the digest is Node's", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (message) => {
      assert.deepEqual(Buffer.from(sha256(message)), createHash("sha256").update(message).digest());
    }),
  );
});
