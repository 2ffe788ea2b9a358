/**
 * What there is to learn from and to be tested on: the samples of eval/data,
 * passages and letters as clean documents, and our own sentences, which are
 * only learned from. Texts that ask for harm in plain words are left out of the
 * lessons: they are no attack on the instructions, and not honest either.
 */
import { passages } from "../corpus/documents.ts";
import { expand } from "../corpus/expand.ts";
import { halfOf } from "../corpus/half.ts";
import { letters } from "../corpus/letters.ts";
import { loadSamples, type Sample } from "../corpus/sets.ts";
import { attackPatterns, attackSlots } from "./own/attacks.ts";
import { benignPatterns, benignSlots } from "./own/benign.ts";
import { lessonOf, type Lesson } from "./training-rows.ts";

/** Sentences made of each of our own patterns that has places to fill. */
const sentencesAPattern = 16;

export function allSamples(): readonly Sample[] {
  const documents = (set: string, texts: readonly string[]): readonly Sample[] =>
    texts.map((text) => ({ text, kind: "plain", half: halfOf(text), set, family: set }));
  return [...loadSamples(), ...documents("speeches", passages()), ...documents("letters", letters())];
}

export function lessonsOf(samples: readonly Sample[]): readonly Lesson[] {
  const own = (kind: "attack" | "hard", texts: readonly string[]): readonly Lesson[] =>
    texts.map((text) => lessonOf({ text, kind, set: "own", family: "own" }));
  return [
    ...samples.filter(({ half, kind }) => half === "dev" && kind !== "harmful").map(lessonOf),
    ...own("attack", expand(attackPatterns, attackSlots, sentencesAPattern)),
    ...own("hard", expand(benignPatterns, benignSlots, sentencesAPattern)),
  ];
}
