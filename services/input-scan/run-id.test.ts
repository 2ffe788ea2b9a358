/** Derived ids: the same place or body gives the same one, any other gives another. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import { bodySha256, deriveRunId } from "./run-id.ts";

const origin = { topic: "harness-requests", partition: 3, offset: "42" };

test("is a UUID of version 8 and of the RFC's variant, known for a known place", () => {
  const id = deriveRunId("cluster", origin);
  assert.equal(z.uuid().safeParse(id).success, true);
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(deriveRunId("cluster", { ...origin }), id);
});

test("differs by cluster, topic, partition and offset, also where their texts run together", () => {
  const ids = [
    deriveRunId("cluster", origin),
    deriveRunId("cluster2", origin),
    deriveRunId("cluster", { ...origin, topic: "other" }),
    deriveRunId("cluster", { ...origin, partition: 34, offset: "2" }),
    deriveRunId("cluster", { ...origin, offset: "43" }),
  ];
  assert.equal(new Set(ids).size, ids.length);
});

test("the hash of a body does not depend on the order of its fields, and does on everything else", () => {
  const body = { client_id: "a", input: { x: 1, y: [1, 2] } };
  assert.match(bodySha256(body), /^[0-9a-f]{64}$/);
  assert.equal(bodySha256({ input: { y: [1, 2], x: 1 }, client_id: "a" }), bodySha256(body));
  assert.notEqual(bodySha256({ ...body, input: { x: 1, y: [2, 1] } }), bodySha256(body));
  assert.notEqual(bodySha256({ ...body, feature: "f" }), bodySha256(body));
});

test("law: every place gives a valid id of its own", () => {
  fc.assert(
    fc.property(fc.nat(), fc.bigInt({ min: 0n, max: 2n ** 60n }), (partition, offset) => {
      const id = deriveRunId("c", { topic: "t", partition, offset: offset.toString() });
      assert.equal(z.uuid().safeParse(id).success, true);
      assert.notEqual(id, deriveRunId("c", { topic: "t", partition, offset: (offset + 1n).toString() }));
    }),
  );
});
