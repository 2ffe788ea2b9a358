import assert from "node:assert/strict";
import { test } from "node:test";
import { wantedOutput } from "./wanted-output.ts";

const text = { format: "text", maxTokens: 100, destination: "html" } as const;
const own = { type: "object", required: ["own"] };
const theirs = { type: "object", required: ["theirs"] };
const json = { format: "json", maxTokens: 100, schema: own } as const;

const cases: readonly (readonly [string, ReturnType<typeof wantedOutput>, ReturnType<typeof wantedOutput>])[] = [
  ["without options it is the harness's", wantedOutput(text), text],
  [
    "a caller's schema makes it JSON",
    wantedOutput(text, { output_schema: theirs }),
    { ...text, format: "json", schema: theirs },
  ],
  ["a harness's own schema stays", wantedOutput(json, { output_schema: theirs }), json],
  ["fewer tokens can be asked for", wantedOutput(text, { max_output_tokens: 9 }), { ...text, maxTokens: 9 }],
  ["more tokens cannot", wantedOutput(text, { max_output_tokens: 900 }), text],
];
for (const [name, wanted, expected] of cases) test(name, () => assert.deepEqual(wanted, expected));

test("equal schemas of two requests are one object: they are compiled once", () => {
  const [one, other] = [1, 2].map(() => wantedOutput(text, { output_schema: { ...theirs } }).schema);
  assert.equal(one, other);
});
