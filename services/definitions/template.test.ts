/** Templates: what is a field, what is text, and that values are never read as templates. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseTemplate, renderTemplate } from "./template.ts";

const render = (template: string, input: Record<string, unknown>) =>
  renderTemplate(parseTemplate(template).parts, input);

const rendered: readonly [what: string, template: string, input: Record<string, unknown>, text: string][] = [
  ["a field", "Say {{word}}!", { word: "hi" }, "Say hi!"],
  ["spaces inside the braces", "{{ word }}", { word: "hi" }, "hi"],
  ["a field twice", "{{a}}{{a}}", { a: "x" }, "xx"],
  ["values that are no text as JSON", "{{a}} {{b}} {{c}}", { a: 3, b: { x: [1] }, c: null }, '3 {"x":[1]} null'],
  ["an absent field as nothing", "[{{a}}]", {}, "[]"],
  ["a value that looks like a field, as it is", "{{a}}", { a: "{{b}}", b: "secret" }, "{{b}}"],
  ["single braces as text", "{a} {{a}} }}", { a: "x" }, "{a} x }}"],
  ["nothing", "", {}, ""],
  ["a replacement pattern as it is", "{{a}}", { a: "$& $1" }, "$& $1"],
];
for (const [what, template, input, text] of rendered) {
  test(`renders ${what}`, () => assert.equal(render(template, input), text));
}

const malformed = ["{{}}", "{{ }}", "{{a b}}", "{{a.b}}", "{{1a}}"];
for (const template of malformed) {
  test(`${template} names no field`, () => assert.deepEqual(parseTemplate(`x ${template}`).malformed, [template]));
}

test("law: the template's own text is there whatever the values are", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (left, right) => {
      assert.equal(render("<{{a}}|{{b}}>", { a: left, b: right }), `<${left}|${right}>`);
    }),
  );
});
