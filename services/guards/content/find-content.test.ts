import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { finding } from "../../../schemas/parts/finding.ts";
import { findContent, type ContentFinding } from "./find-content.ts";

const rulesIn = (text: string): readonly string[] => findContent(text).map(({ rule }) => rule);

const found: readonly [name: string, text: string, rule: string, certain: boolean][] = [
  ["a group called vermin", "Jews are vermin.", "content.hate.dehumanising", true],
  ["a call to kill a group", "Kill all Jews.", "content.hate.extermination", true],
  ["a slur thrown at somebody", "Shut up, you filthy kike.", "content.hate.slur", true],
  ["hatred of a group declared", "I hate all gays.", "content.hate.hatred", true],
  ["contempt, which needs a second opinion", "All Muslims are terrorists.", "content.hate.contempt", false],
  ["an insult to somebody's face", "You stupid bitch.", "content.harassment.insult", true],
  ["a plain name", "You are an idiot.", "content.harassment.name-calling", false],
  ["cruelty", "Nobody loves you.", "content.harassment.cruelty", true],
  ["a call to hurt oneself", "Just kill yourself.", "content.self_harm.encouragement", true],
  ["a wish to die", "I want to kill myself.", "content.self_harm.intent", true],
  ["a threat", "I will find you and kill you.", "content.violence.threat", true],
  ["a call to attack a place", "Burn down the mosque.", "content.violence.attack", true],
  ["a call to attack people", "Somebody should stab that judge.", "content.violence.incitement", false],
  ["gore", "They gouged out his eyes, blood sprayed.", "content.violence.gore", false],
  ["they, who were named before", "Refugees came. They are vermin.", "content.hate.dehumanising", false],
  ["words in HTML", "<i>Kill all Jews.</i>", "content.hate.extermination", true],
  ["a word in HTML, another outside", "<b class='x'>Ki<!-- -->ll</b> all Jews.", "content.hate.extermination", true],
  ["words in quotation marks", '"I will kill you now."', "content.violence.threat", false],
];

for (const [name, text, rule, certain] of found) {
  test(`found: ${name}`, () => {
    const one = findContent(text).find((each) => each.rule === rule);
    assert.equal(one?.certain, certain, rulesIn(text).join());
  });
}

const innocent: readonly [name: string, text: string][] = [
  ["a denial", "Jews are not vermin."],
  ["hatred denied", "I don't hate Muslims."],
  ["a report", "He shouted that all Muslims should be shot."],
  ["a judgement", 'The phrase "kill all Jews" is hate speech.'],
  ["a slur that is discussed", "The word kike is a slur."],
  ["a slur that is worn with pride", "I am a proud dyke."],
  ["a process that is killed", "Use kill -9 to kill the process."],
  ["help", "If you are thinking about suicide, call 988. You are not alone."],
  ["they, without a group before", "They are vermin. The rats ate the cheese."],
  ["a group that was named too long ago", "Women came. It rained. It snowed. It was cold. They are animals."],
  ["items of a list, each for itself", "<ul><li>How to kill</li><li>all Jews were invited</li></ul>"],
  ["a denial in HTML", "<p>Jews are <em>not</em> vermin.</p>"],
  ["nothing", ""],
];

for (const [name, text] of innocent) {
  test(`not found: ${name}`, () => assert.deepEqual(rulesIn(text), []));
}

const filler = "The harbour wall was raised after the storm of last winter at the cost of the town. ";

test("a span is where the words stand, also when they are disguised", () => {
  const disguised = "Kill all M\u200busl\u200bims";
  const text = `${filler}${disguised}. ${filler}`;
  const span = findContent(text).find(({ category }) => category === "hate")?.span;
  assert.equal(text.slice(span?.start, span?.end), disguised);
});

test("what is sexual is found in the middle of a long text, and its window holds it", () => {
  const core = "He pushed his hard cock deep into her wet pussy and she moaned for more. ".repeat(4);
  const text = filler.repeat(40) + core + filler.repeat(40);
  const sexual = findContent(text).find(({ rule }) => rule === "content.sexual");
  const span = sexual?.span ?? { start: 0, end: 0 };
  assert.ok(sexual?.certain);
  assert.ok(span.start < filler.length * 40 + core.length && span.end > filler.length * 40, JSON.stringify(span));
});

test("sexual content that speaks of a child is the gravest", () => {
  const text = "The underage girl moaned as he pushed his hard cock into her wet pussy and fucked her hard. ";
  assert.ok(findContent(text).some(({ rule, severity }) => rule === "content.sexual" && severity === "critical"));
});

test("each rule is told once a text", () => {
  assert.equal(rulesIn("Kill all Jews. Kill all Jews. Kill all Jews.").length, 1);
});

test("whatever the text, findings fit the schema, stand in the text and say the same again", () => {
  const words = fc.constantFrom(
    "kill",
    "all",
    "jews",
    "are",
    "vermin",
    "you",
    "not",
    "i",
    "will",
    "they",
    ".",
    '"',
    "ﬁlthy",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc.array(words).map((each) => each.join(" ")),
      ),
      (text) => {
        const findings: readonly ContentFinding[] = findContent(text);
        for (const { category, certain: _, ...rest } of findings) {
          const { span } = finding.strict().parse(rest);
          assert.ok(span !== undefined && span.start < span.end && span.end <= text.length);
          assert.ok(rest.rule.startsWith(`content.${category}`));
        }
        assert.deepEqual(findContent(text), findings);
      },
    ),
  );
});
