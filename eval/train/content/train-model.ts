/**
 * Trains one content model. Samples with and without the category count the
 * same in all; what is learned beside them counts for little a text. A feature
 * that stands in many texts is held back, as it says little (inverse document
 * frequency): the factor ends up in its weight, so scoring knows nothing of it.
 */
import type { Lesson } from "../training-rows.ts";
import { solve, type Solution, type TrainingRow } from "../logistic.ts";
import { dimensions } from "../vectors.ts";

const settings = { cost: 8, iterations: 60 };
/** Of a sample whose class is as large as the other, 1. */
const ownShare = 0.3;
const honestShare = 0.06;

export function trainModel(samples: readonly Lesson[], others: readonly Lesson[]): Solution {
  const rows = [...balanced(samples), ...others.flatMap((lesson) => rowsOf(lesson, shareOf(lesson)))];
  const factors = rarities(rows);
  const { weights, bias } = solve(
    rows.map((row) => scaled(row, factors)),
    settings,
  );
  return { weights: weights.map((weight, place) => weight * (factors[place] ?? 0)), bias };
}

function shareOf({ set }: Lesson): number {
  return set === "own" ? ownShare : honestShare;
}

function balanced(samples: readonly Lesson[]): readonly TrainingRow[] {
  const positive = samples.filter(({ attack }) => attack).length;
  const half = samples.length / 2;
  return samples.flatMap((sample) => rowsOf(sample, half / (sample.attack ? positive : samples.length - positive)));
}

/** A text of several windows counts once. */
function rowsOf({ vectors, attack }: Lesson, weight: number): readonly TrainingRow[] {
  return vectors.map((vector) => ({ vector, attack, weight: weight / vectors.length }));
}

/** About the rarity of a feature of one text in fifty, so that the cost means what it means elsewhere. */
const usual = 4;

function rarities(rows: readonly TrainingRow[]): Float64Array {
  const texts = new Float64Array(dimensions);
  for (const { vector } of rows) for (const place of new Set(vector.places)) texts[place] = (texts[place] ?? 0) + 1;
  return texts.map((count) => Math.log((rows.length + 1) / (count + 1)) / usual);
}

function scaled(row: TrainingRow, factors: Float64Array): TrainingRow {
  const { places, values } = row.vector;
  return { ...row, vector: { places, values: values.map((value, at) => value * (factors[places[at] ?? 0] ?? 0)) } };
}
