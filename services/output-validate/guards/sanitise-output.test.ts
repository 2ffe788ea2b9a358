import assert from "node:assert/strict";
import { test } from "node:test";
import type { Destination } from "../../../schemas/control/harness-definition.ts";
import { sanitiseOutput } from "./sanitise-output.ts";
import type { JsonValue } from "../rules/json-value.ts";

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
    "each string of a value is made safe, its keys and numbers stay",
    { a: [`x${bidi}`], n: 1 },
    "json",
    { a: ["x"], n: 1 },
    "sanitised",
  ],
  ["a value's strings are not escaped for a script element yet", { a: "2 < 3" }, "json", { a: "2 < 3" }, "passed"],
  [
    "a value that is shown on a page is escaped string by string",
    { a: "<i>" },
    "html",
    { a: "&lt;i&gt;" },
    "sanitised",
  ],
];
for (const [name, output, destination, expected, verdict] of cases) {
  test(name, () => {
    const { value, report } = sanitiseOutput(output, destination);
    assert.deepEqual([value, report.verdict], [expected, verdict]);
  });
}

test("the report says how often which rule changed it, and nothing of the text", () => {
  const { report } = sanitiseOutput(`SECRET${bidi}${bidi}`, "plain");
  assert.match(report.detail ?? "", /^for plain: sanitise\.\w+ 2$/);
});
