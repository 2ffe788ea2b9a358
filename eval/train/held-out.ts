/**
 * What the model says of a set that it has never seen: for each family of sets
 * it is trained without that family and without whatever nearly repeats one of
 * its texts, then asked. Both halves of the family are scored.
 */
import { blockSize } from "../../services/guards/model/features.ts";
import type { LinearWeights } from "../../services/guards/model/windows.ts";
import { worstLogit } from "../../services/guards/model/worst-windows.ts";
import { fold } from "../../services/guards/text/fold.ts";
import type { Sample } from "../corpus/sets.ts";
import { solve, type Solution } from "./logistic.ts";
import { trainingRows, without, type Lesson } from "./training-rows.ts";

export interface HeldOutScore {
  readonly sample: Sample;
  readonly logit: number;
}

const settings = { cost: 3, iterations: 150 };

export function train(lessons: readonly Lesson[]): Solution {
  return solve(trainingRows(lessons), settings);
}

/** `tell` is given one line a training, as they take a while. */
export function scoreHeldOut(
  samples: readonly Sample[],
  lessons: readonly Lesson[],
  tell: (line: string) => void,
): readonly HeldOutScore[] {
  return [...Map.groupBy(samples, ({ family }) => family)].flatMap(([family, members]) => {
    const texts = members.map(({ text }) => text);
    const others = without(lessons, family, texts);
    const weights = linearWeights(train(others));
    tell(`without ${family}: ${lessons.length - others.length} of ${lessons.length} lessons left out\n`);
    return members.map((sample) => ({ sample, logit: worstLogit(fold(sample.text), weights) }));
  });
}

/** `places`: how many of each block were trained. */
export function linearWeights({ weights, bias }: Solution, places = blockSize): LinearWeights {
  return {
    chars: { steps: Float32Array.from(weights.subarray(0, places)), step: 1 },
    words: { steps: Float32Array.from(weights.subarray(blockSize, blockSize + places)), step: 1 },
    bias,
  };
}
