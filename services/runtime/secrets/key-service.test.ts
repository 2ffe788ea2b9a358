/** Data keys wrapped under the environment's key, and the boxes that both use. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { openBox, sealBox } from "./box.ts";
import { openEnvironmentKeys } from "./key-service.ts";

const first = "ab".repeat(32);
const second = "cd".repeat(32);
const dataKey = randomBytes(32);

test("law: a box opens under its key and what it is bound to, and under nothing else", () => {
  const key = randomBytes(32);
  fc.assert(
    fc.property(fc.uint8Array(), fc.string(), fc.string(), fc.nat(), (bytes, bound, other, at) => {
      const content = Buffer.from(bytes);
      const box = sealBox(key, content, bound);
      assert.deepEqual(openBox(key, box, bound), content);
      if (other !== bound) assert.equal(openBox(key, box, other), null);
      assert.equal(openBox(randomBytes(32), box, bound), null);
      const place = at % box.length;
      box.writeUInt8(box.readUInt8(place) ^ 1, place);
      assert.equal(openBox(key, box, bound), null);
    }),
  );
});

test("a wrapped key unwraps under its own id alone, and does not hold the key", async () => {
  const service = openEnvironmentKeys(first);
  const wrapped = await service.wrap("s-1", dataKey);
  assert.deepEqual(await service.unwrap("s-1", wrapped), dataKey);
  assert.equal(await service.unwrap("s-2", wrapped), null);
  assert.equal(Buffer.from(wrapped.wrapped, "base64").includes(dataKey), false);
});

test("after a rotation the new key wraps and both unwrap; without the old one its keys stay shut", async () => {
  const before = await openEnvironmentKeys(first).wrap("s-1", dataKey);
  const rotated = openEnvironmentKeys(`${second},${first}`);
  assert.deepEqual(await rotated.unwrap("s-1", before), dataKey);
  const after = await rotated.wrap("s-1", dataKey);
  assert.notEqual(after.wrapped_by, before.wrapped_by);
  assert.equal(await openEnvironmentKeys(first).unwrap("s-1", after), null);
  assert.equal(await openEnvironmentKeys(second).unwrap("s-1", before), null);
});
