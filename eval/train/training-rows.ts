/**
 * The rows the model is trained on: the dev half of every set with a
 * permissive licence, passages of clean documents, and sentences of our own.
 * A large set counts for less a row than a small one, so that none drowns the
 * others, and attacks count for as much as what is honest.
 */
import type { Sample } from "../corpus/sets.ts";
import { nearDuplicates } from "./near-duplicates.ts";
import type { TrainingRow } from "./logistic.ts";
import { vectorsOf, type Vector } from "./vectors.ts";

/** One text to learn from, read once and used in every training. */
export interface Lesson {
  readonly text: string;
  readonly set: string;
  readonly family: string;
  readonly attack: boolean;
  readonly vectors: readonly Vector[];
}

export function lessonOf({ text, set, family, kind }: Omit<Sample, "half">): Lesson {
  return { text, set, family, attack: kind === "attack", vectors: vectorsOf(text) };
}

/** All lessons but those of one family and what nearly repeats its texts. */
export function without(lessons: readonly Lesson[], family: string, texts: readonly string[]): readonly Lesson[] {
  const repeats = nearDuplicates(texts);
  return lessons.filter((lesson) => lesson.family !== family && !repeats(lesson.text));
}

/** A set of n texts counts as n to this power. */
const setShare = 0.7;

/** The weights of both classes sum to half the number of lessons. A text of several windows counts once. */
export function trainingRows(lessons: readonly Lesson[]): readonly TrainingRow[] {
  const sizes = new Map<string, number>();
  const key = ({ set, attack }: Lesson): string => `${set} ${attack}`;
  for (const lesson of lessons) sizes.set(key(lesson), (sizes.get(key(lesson)) ?? 0) + 1);
  const rows = lessons.flatMap((lesson) => {
    const weight = (sizes.get(key(lesson)) ?? 1) ** (setShare - 1) / lesson.vectors.length;
    return lesson.vectors.map((vector) => ({ vector, attack: lesson.attack, weight }));
  });
  const sum = (attack: boolean): number =>
    rows.reduce((total, row) => total + (row.attack === attack ? row.weight : 0), 0);
  const scale = { attack: lessons.length / 2 / sum(true), honest: lessons.length / 2 / sum(false) };
  return rows.map((row) => ({ ...row, weight: row.weight * (row.attack ? scale.attack : scale.honest) }));
}
