/**
 * What the two content models learn: OpenAI's moderation samples that were
 * judged by the model's category, and the dev half of what is honest in
 * eval/data and of our own sentences. Weights have half the places of the
 * injection model's, so that two models stay as small as one.
 */
import { blockSize } from "../../../services/guards/model/features.ts";
import { expand } from "../../corpus/expand.ts";
import { halfOf } from "../../corpus/half.ts";
import { allSamples } from "../lessons.ts";
import {
  harmlessPatterns,
  harmlessSlots,
  selfHarmPatterns,
  selfHarmSlots,
  sexualPatterns,
  sexualSlots,
} from "../own/content.ts";
import { lessonOf, type Lesson } from "../training-rows.ts";
import type { Vector } from "../vectors.ts";
import { contentCases, moderationRows, socialTexts, type ModerationRow } from "./moderation-rows.ts";

export type LearnedCategory = "sexual" | "self_harm";

/** Weights of each block. */
export const places = blockSize / 2;

export interface JudgedLesson extends Lesson {
  readonly row: ModerationRow;
}

/** Of every sample, judged by the category or not: `attack` when it was found to be of it. */
export function moderationLessons(category: LearnedCategory): readonly JudgedLesson[] {
  return moderationRows().map((row) => ({ ...learned(row.text, "moderation", row[category] === 1), row }));
}

/** What is learned beside the samples: honest texts that models are asked or answer, and our own sentences. */
export function otherLessons(category: LearnedCategory): readonly Lesson[] {
  const honest = allSamples().filter(({ half, kind }) => half === "dev" && (kind === "plain" || kind === "hard"));
  const social = socialTexts().filter((text) => halfOf(text) === "dev");
  const own = contentCases().flatMap(({ category: about, found, texts }) =>
    texts.filter((text) => halfOf(text) === "dev").map((text) => learned(text, "own", found && about === category)),
  );
  const [positive, negative] = category === "sexual" ? [sexual, selfHarm] : [selfHarm, sexual];
  return [
    ...honest.map(({ text, set }) => learned(text, set, false)),
    ...social.map((text) => learned(text, "social", false)),
    ...own,
    ...positive.map((text) => learned(text, "own", true)),
    ...[...negative, ...harmless].map((text) => learned(text, "own", false)),
  ];
}

/** Sentences made of each of our own patterns that has places to fill. */
const sentencesAPattern = 8;
const sexual = expand(sexualPatterns, sexualSlots, sentencesAPattern);
const selfHarm = expand(selfHarmPatterns, selfHarmSlots, sentencesAPattern);
const harmless = expand(harmlessPatterns, harmlessSlots, sentencesAPattern);

/** A text to learn from, its features narrowed to the places of a content model. */
export function learned(text: string, set: string, positive: boolean): Lesson {
  const lesson = lessonOf({ text, set, family: set, kind: positive ? "attack" : "plain" });
  return { ...lesson, vectors: lesson.vectors.map(narrowed) };
}

/** Features that share their lowest bits share a weight. */
function narrowed({ places: wide, values }: Vector): Vector {
  return { places: wide.map((place) => (place & blockSize) | (place & (places - 1))), values };
}
