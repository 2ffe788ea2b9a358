/**
 * What the grounding guard catches and what it wrongly accuses: questions with
 * a right and an invented answer (HaluEval), our own pairs of an honest and a
 * dishonest sentence by kind, sentences of speeches held against their own and
 * against another speech. A text counts as found when anything in it
 * contradicts the context or is not supported by it.
 */
import { checkGrounding } from "../../services/guards/grounding/check-grounding.ts";
import type { Half } from "../corpus/half.ts";
import type { Figure } from "../input/figure.ts";
import { readCases, readHaluEval, type GroundingRow } from "./grounding/rows.ts";
import { speechRows } from "./grounding/speeches.ts";
import type { TimedGuard } from "./guards.ts";
import { scoresOf, type Verdict } from "./scores.ts";

export function measureGrounding(half: Half): readonly Figure[] {
  const cases = readCases();
  const kinds = [...Map.groupBy(cases, ({ kind }) => kind)];
  return [
    ...scoresOf("output/grounding/halueval", readHaluEval(half).map(judged)),
    ...[...Map.groupBy(speechRows(half), ({ kind }) => kind)].flatMap(([kind, rows]) =>
      scoresOf(`output/grounding/speeches/${kind}`, rows.map(judged)),
    ),
    ...kinds.flatMap(([kind, rows]) => scoresOf(`output/grounding/own/${kind}`, rows.map(judged))),
    ...scoresOf("output/grounding/own/all", cases.map(judged)),
  ];
}

export function judged({ answer, context, label }: GroundingRow): Verdict {
  const findings = checkGrounding(answer, context);
  return { wanted: label === 1, found: findings.some(({ concern }) => concern !== "unsourced") };
}

export const timedGrounding: readonly TimedGuard[] = [
  { guard: "grounding, in a context as long", run: (text) => checkGrounding(text, [text]) },
];
