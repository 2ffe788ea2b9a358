import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Destination } from "../../../schemas/control/harness-definition.ts";
import { sanitiseOutput } from "./sanitise-output.ts";
import type { JsonValue } from "./json-value.ts";

const bidi = "\u202e";
const cases: readonly (readonly [
  name: string,
  output: JsonValue,
  destination: Destination | undefined,
  expected: JsonValue,
  verdict: string,
])[] = [
  ["nothing is done where no destination is named", `<b>${bidi}`, undefined, `<b>${bidi}`, "off"],
  ["a benign text passes", "All is well, 2 < 3.", "plain", "All is well, 2 < 3.", "passed"],
  ["what cannot be seen goes from a plain text", `a${bidi}b`, "plain", "ab", "sanitised"],
  [
    "markup is escaped for a page",
    "<img src=x onerror=alert(1)>",
    "html",
    "&lt;img src=x onerror=alert(1)&gt;",
    "sanitised",
  ],
  [
    "each string of a value is made safe, and each key; its numbers stay",
    { [`a${bidi}`]: [`x${bidi}`, { [`b${bidi}`]: null }], n: 1 },
    "json",
    { a: ["x", { b: null }], n: 1 },
    "sanitised",
  ],
  ["a value's strings are not escaped for a script element yet", { a: "2 < 3" }, "json", { a: "2 < 3" }, "passed"],
  [
    "a value that is shown on a page is escaped string by string",
    { "<b>": "<i>" },
    "html",
    { "&lt;b&gt;": "&lt;i&gt;" },
    "sanitised",
  ],
];
for (const [name, output, destination, expected, verdict] of cases) {
  test(name, () => {
    const { value, report } = sanitiseOutput(output, { destination });
    assert.deepEqual([value, report.verdict], [expected, verdict]);
  });
}

test("the report says how often which rule changed it, and nothing of the text", () => {
  const { report } = sanitiseOutput(`SECRET${bidi}${bidi}`, { destination: "plain" });
  assert.match(report.detail ?? "", /^for plain: sanitise\.\w+ 2$/);
});

test("a key that the contract names is its author's, and stays", () => {
  const schema = { type: "object", properties: { "Q&A": { type: "object", properties: { "<": {} } } } };
  const { value } = sanitiseOutput({ "Q&A": { "<": "<", ">": 1 } }, { destination: "html", schema });
  assert.deepEqual(value, { "Q&A": { "<": "&lt;", "&gt;": 1 } });
});

test("keys that would become one are refused: no value is lost in silence", () => {
  for (const output of [{ a: 1, [`a${bidi}`]: 2 }, [{ deep: { [`${bidi}x`]: 1, [`x${bidi}`]: 2 } }]]) {
    const { report, fault } = sanitiseOutput(output, { destination: "plain" });
    assert.deepEqual([report.verdict, fault?.code], ["failed", "keys_not_distinct"]);
  }
});

test("law: whatever the keys, all values are there or it is refused", () => {
  const key = fc.string({ unit: fc.constantFrom("a", bidi, "<", "&", "lt;") });
  fc.assert(
    fc.property(fc.dictionary(key, fc.integer()), fc.constantFrom("plain", "html", "json"), (output, destination) => {
      const { value, fault } = sanitiseOutput(output, { destination });
      assert.ok(typeof value === "object" && value !== null);
      assert.equal(fault === null, Object.values(value).length === Object.values(output).length);
    }),
  );
});
