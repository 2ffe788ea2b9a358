/**
 * The figures that count for unseen attacks: each set is scored by a model that
 * was trained without it and without near-duplicates of it, at the threshold
 * in force, alone and together with the signatures. The test half only.
 */
import { packedWeights } from "../../services/guards/model/weights.ts";
import type { Figure } from "../input/figure.ts";
import { share } from "../input/figure.ts";
import type { Guards } from "../input/open-guards.ts";
import { scoreHeldOut, type HeldOutScore } from "./held-out.ts";
import { allSamples, lessonsOf } from "./lessons.ts";

export function measureHeldOut(guards: Guards, tell: (line: string) => void): readonly Figure[] {
  const samples = allSamples();
  const scores = scoreHeldOut(samples, lessonsOf(samples), tell).filter(({ sample }) => sample.half === "test");
  const groups = Map.groupBy(scores, ({ sample }) => `held-out/${sample.kind}/${sample.set}`);
  const ordered = [...groups].toSorted(([left], [right]) => left.localeCompare(right, "en"));
  return ordered.flatMap(([group, rows]) => {
    const better = rows[0]?.sample.kind === "attack" ? "higher" : "lower";
    const judged = rows.map((row) => levelsOf(row, guards));
    const figure = (signal: keyof Levels): Figure => ({
      name: `${group}/${signal}`,
      value: share(judged.filter((levels) => levels[signal]).length, judged.length),
      size: judged.length,
      better,
    });
    return heldOutSignals.map(figure);
  });
}

export const heldOutSignals = ["modelBlock", "modelFlag", "signatureFlag", "flag"] as const;

type Levels = Readonly<Record<(typeof heldOutSignals)[number], boolean>>;

function levelsOf({ sample, logit }: HeldOutScore, guards: Guards): Levels {
  const { signatureFlag } = guards.signals(sample.text, "user");
  const modelFlag = logit >= packedWeights.flagAt;
  return { modelBlock: logit >= packedWeights.blockAt, modelFlag, signatureFlag, flag: signatureFlag || modelFlag };
}
