/**
 * What the content models say of samples they have not seen: the samples fall
 * into five parts by their texts alone, and each part is scored by a model that
 * was trained on the four others, without whatever nearly repeats one of the
 * part's texts, and on everything else that the models learn from.
 */
import { worstLogit } from "../../../services/guards/model/worst-windows.ts";
import { fold } from "../../../services/guards/text/fold.ts";
import { lotOf } from "../../corpus/half.ts";
import { linearWeights } from "../held-out.ts";
import { nearDuplicates } from "../near-duplicates.ts";
import { moderationLessons, otherLessons, places, type LearnedCategory } from "./content-lessons.ts";
import type { ModerationRow } from "./moderation-rows.ts";
import { trainModel } from "./train-model.ts";

export interface UnseenScore {
  readonly row: ModerationRow;
  readonly positive: boolean;
  readonly logit: number;
}

const parts = 5;

export function crossValidate(category: LearnedCategory): readonly UnseenScore[] {
  const lessons = moderationLessons(category);
  const others = otherLessons(category);
  return Array.from({ length: parts }, (_, part) => part).flatMap((part) => {
    const inPart = ({ text }: { readonly text: string }): boolean => lotOf(text) % parts === part;
    const asked = lessons.filter(inPart);
    const repeats = nearDuplicates(asked.map(({ text }) => text));
    const unseen = ({ text }: { readonly text: string }): boolean => !repeats(text);
    const taught = lessons.filter((lesson) => lesson.row[category] !== undefined && !inPart(lesson));
    const weights = linearWeights(trainModel(taught.filter(unseen), others.filter(unseen)), places);
    return asked.map(({ row, attack }) => ({ row, positive: attack, logit: worstLogit(fold(row.text), weights) }));
  });
}

/** The logit that only so great a share of the texts without the category's flag surpass. */
export function levelAt(scores: readonly UnseenScore[], falseShare: number): number {
  const negative = scores.filter(({ positive }) => !positive).map(({ logit }) => logit);
  return negative.toSorted((left, right) => right - left)[Math.floor(negative.length * falseShare)] ?? Infinity;
}

/** Share of the texts with the flag, or of those without it, that surpass a logit. */
export function shareAbove(scores: readonly UnseenScore[], positive: boolean, at: number): number {
  const asked = scores.filter((score) => score.positive === positive);
  return asked.length === 0 ? 0 : asked.filter(({ logit }) => logit > at).length / asked.length;
}
