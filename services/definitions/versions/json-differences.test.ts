import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { jsonDifferences, type Difference } from "./json-differences.ts";

const cases: readonly (readonly [what: string, before: unknown, after: unknown, expected: readonly Difference[]])[] = [
  ["equal documents do not differ", { a: [1, { b: null }] }, { a: [1, { b: null }] }, []],
  ["a changed value", { a: { b: 1 } }, { a: { b: 2 } }, [{ kind: "changed", path: "/a/b", before: 1, after: 2 }]],
  [
    "keys that come and go",
    { a: 1, b: 2 },
    { b: 2, c: 3 },
    [
      { kind: "removed", path: "/a", before: 1 },
      { kind: "added", path: "/c", after: 3 },
    ],
  ],
  ["a longer list", ["x"], ["x", "y"], [{ kind: "added", path: "/1", after: "y" }]],
  ["a shorter list", [["x", "y"]], [["x"]], [{ kind: "removed", path: "/0/1", before: "y" }]],
  ["a list for an object", { a: {} }, { a: [] }, [{ kind: "changed", path: "/a", before: {}, after: [] }]],
  ["null for a value", { a: 1 }, { a: null }, [{ kind: "changed", path: "/a", before: 1, after: null }]],
  [
    "keys that hold the signs of a path",
    { "a/b": { "~": 1 } },
    { "a/b": { "~": 2 } },
    [{ kind: "changed", path: "/a~1b/~0", before: 1, after: 2 }],
  ],
  ["undefined is absent", { a: undefined }, {}, []],
  ["whole documents", "x", 1, [{ kind: "changed", path: "", before: "x", after: 1 }]],
];
for (const [what, before, after, expected] of cases) {
  test(what, () => assert.deepEqual(jsonDifferences(before, after), expected));
}

const json = fc.jsonValue().map((value): unknown => JSON.parse(JSON.stringify(value)));

test("a document differs from itself in nothing, and from every other one in something", () => {
  fc.assert(
    fc.property(json, json, (before, after) => {
      assert.deepEqual(jsonDifferences(before, structuredClone(before)), []);
      const isSame = JSON.stringify(sorted(before)) === JSON.stringify(sorted(after));
      assert.equal(jsonDifferences(before, after).length === 0, isSame);
    }),
  );
});

test("the other way round the same places differ, and what was added is removed", () => {
  const mirrored = { added: "removed", removed: "added", changed: "changed" } as const;
  fc.assert(
    fc.property(json, json, (before, after) => {
      const there = jsonDifferences(before, after).map(({ kind, path }) => `${kind} ${path}`);
      const back = jsonDifferences(after, before).map(({ kind, path }) => `${mirrored[kind]} ${path}`);
      assert.deepEqual(there.toSorted(), back.toSorted());
    }),
  );
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]): readonly [string, unknown] => [key, sorted(inner)]);
  return { entries: entries.toSorted(([left], [right]) => (left < right ? -1 : 1)) };
}
