import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleHarness, type DefinitionChanges } from "../../../test/support/sample-definition.ts";
import { brokenReviewRules } from "./review-rules.ts";

const review = { when: "found", timeoutMs: 60_000, onTimeout: "reject" } as const;
const held = { leaks: { secrets: "review" } } as const;

const cases: readonly (readonly [name: string, changes: DefinitionChanges, broken: readonly string[]])[] = [
  ["no review and none wanted is fine", {}, []],
  ["a review of what a guard wants reviewed is fine", { knobs: held, review }, []],
  ["every answer can be reviewed, whatever guards want", { review: { ...review, when: "always" } }, []],
  [
    "an action that holds answers needs a review",
    { knobs: { ...held, content: { hate: "review" } } },
    ["/knobs/content/hate review_is_declared", "/knobs/leaks/secrets review_is_declared"],
  ],
  ["a review that nothing asks for is refused", { review }, ["/review/when policy_can_act"]],
  [
    "it cannot become urgent when it is over",
    { knobs: held, review: { ...review, escalateAfterMs: 60_000 } },
    ["/review/escalateAfterMs policy_can_act"],
  ],
];
for (const [name, changes, expected] of cases) {
  test(name, () => {
    const found = brokenReviewRules(sampleHarness(changes)).map(({ path, rule }) => `${path} ${rule}`);
    assert.deepEqual(found, expected);
  });
}
