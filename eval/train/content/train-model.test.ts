import assert from "node:assert/strict";
import { test } from "node:test";
import { worstLogit } from "../../../services/guards/model/worst-windows.ts";
import { fold } from "../../../services/guards/text/fold.ts";
import { linearWeights } from "../held-out.ts";
import { lessonOf, type Lesson } from "../training-rows.ts";
import { dimensions } from "../vectors.ts";
import { learned, places } from "./content-lessons.ts";
import { levelAt, type UnseenScore } from "./cross-validate.ts";
import { verdictsAt } from "./cross-validated-verdicts.ts";
import { trainModel } from "./train-model.ts";

const samples: readonly Lesson[] = [
  learned("red apples on the tree", "moderation", true),
  learned("red cherries on the tree", "moderation", true),
  learned("a green car on the road", "moderation", false),
  learned("a green bus on the road", "moderation", false),
];

test("a trained model tells what it was taught from what it was not, with half the places", () => {
  const solution = trainModel(samples, [learned("a red light on the road", "own", false)]);
  const weights = linearWeights(solution, places);
  const score = (text: string): number => worstLogit(fold(text), weights);
  assert.equal(solution.weights.length, dimensions);
  assert.equal(weights.chars.steps.length, places);
  assert.ok(score("red apples on a tree") > score("a green car on a road"));
});

test("narrowed features stay in their block, below its places", () => {
  const wide = lessonOf({ text: samples[0]?.text ?? "", set: "a", family: "a", kind: "plain" });
  const narrow = learned(wide.text, "a", false);
  wide.vectors[0]?.places.forEach((place, at) => {
    const kept = narrow.vectors[0]?.places[at] ?? -1;
    assert.equal(kept >= dimensions / 2, place >= dimensions / 2);
    assert.ok(kept % (dimensions / 2) < places);
  });
});

const scores: readonly UnseenScore[] = Array.from({ length: 200 }, (_, at) => ({
  row: { text: `text ${at}` },
  positive: at >= 100,
  logit: at,
}));

test("the level is what the share of innocent samples surpasses", () => {
  assert.equal(levelAt(scores, 0.01), 98);
  assert.equal(levelAt(scores, 0.05), 94);
});

test("a verdict is the level's, or that of a rule that is certain", () => {
  const ruled: UnseenScore = { row: { text: "Kill yourself." }, positive: true, logit: -5 };
  const verdicts = verdictsAt("self_harm", [...scores, ruled], 0.05);
  assert.equal(verdicts.filter(({ wanted, found }) => found && !wanted).length, 5);
  assert.equal(verdicts.at(-1)?.found, true);
  assert.equal(verdictsAt("sexual", [...scores, ruled], 0.05).at(-1)?.found, false);
});
