import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { checkGrounding, groundIn } from "./check-grounding.ts";

const report =
  "The town of Marlow opened its new library on 12 March 2021. The building cost $3.1 million and holds 45,000 books. " +
  "Mayor Alice Brennan said that visitors had doubled within a year. The old library in Quarry Street was closed in 2019.";

const grounded: readonly (readonly [name: string, answer: string])[] = [
  ["a copy is supported", "The building cost $3.1 million and holds 45,000 books."],
  ["other writings of numbers and dates are the same", "The library, opened on 2021-03-12, holds 45k books."],
  ["a surname alone is the same person", "According to Brennan, visitors had doubled within a year."],
  ["a question claims nothing", "Did the Duke of Wellington visit it in 1815?"],
  ["an empty answer claims nothing", ""],
];
for (const [name, answer] of grounded) test(name, () => assert.deepEqual(checkGrounding(answer, [report]), []));

const ungrounded: readonly (readonly [name: string, answer: string, rule: string, concern: string, marked: string])[] =
  [
    ["a changed number contradicts", "The building holds 54,000 books.", "grounding.number", "contradiction", "54,000"],
    [
      "a moved date contradicts",
      "The town of Marlow opened its new library on 13 March 2021.",
      "grounding.date",
      "contradiction",
      "13 March 2021",
    ],
    [
      "a number from nowhere is unsupported",
      "Sixty thousand tourists came, which nobody expected.",
      "grounding.number",
      "unsupported",
      "Sixty thousand",
    ],
    [
      "people from nowhere are unsupported",
      "Senator Bartholomew Okonkwo praised Marlow.",
      "grounding.name",
      "unsupported",
      "Senator",
    ],
  ];
for (const [name, answer, rule, concern, marked] of ungrounded)
  test(name, () => {
    const [finding] = checkGrounding(answer, [report]);
    assert.ok(finding !== undefined);
    const { span } = finding;
    assert.deepEqual([finding.rule, finding.concern, answer.slice(span.start, span.end)], [rule, concern, marked]);
  });

test("a finding points at its claim and at the closest passage of the right text", () => {
  const answer = "Nothing is free. The building cost $4.7 million.";
  const [finding] = checkGrounding(answer, ["Unrelated words about gardens.", report]);
  assert.ok(finding?.evidence !== undefined);
  assert.equal(answer.slice(finding.claim.start, finding.claim.end), "The building cost $4.7 million");
  assert.equal(finding.evidence.context, 1);
  const passage = report.slice(finding.evidence.span.start, finding.evidence.span.end);
  assert.equal(passage, "The building cost $3.1 million and holds 45,000 books");
});

test("a context indexed once says the same of every answer", () => {
  const ground = groundIn([report]);
  const answers = [...grounded, ...ungrounded].map(([, answer]) => answer);
  assert.deepEqual(
    answers.map(ground),
    answers.map((answer) => checkGrounding(answer, [report])),
  );
});

test("a message never holds a word of the answer", () => {
  for (const { message } of checkGrounding("Zyxwv paid $99 to Qwertz.", [report]))
    assert.doesNotMatch(message ?? "", /zyxwv|99|qwertz/i);
});

test("whatever the texts, it ends, repeats itself and stays inside the answer", () => {
  const texts = fc.string({ unit: "grapheme", maxLength: 120 });
  fc.assert(
    fc.property(texts, fc.array(texts, { maxLength: 3 }), (answer, context) => {
      const findings = checkGrounding(answer, context);
      assert.deepEqual(checkGrounding(answer, context), findings);
      for (const { span, claim } of findings) {
        assert.ok(claim.start <= span.start && span.start < span.end && span.end <= answer.length);
        assert.ok(claim.end <= answer.length);
      }
    }),
  );
});

test("sentences taken from the context are always supported", () => {
  const sentences = report.split(/(?<=\.) /);
  fc.assert(
    fc.property(fc.subarray(sentences, { minLength: 1 }), (taken) => {
      assert.deepEqual(checkGrounding(taken.join(" "), [report]), []);
    }),
  );
});
