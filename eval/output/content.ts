/**
 * What the local content filter is worth. `moderation`: OpenAI's samples, by
 * category; what the linear models say of them is cross-validated, as the
 * shipped weights have learned them. `own`: our functional sentences, of which
 * a group is wholly to be found, or not at all in any category. `honest`:
 * prompts, speeches, letters and comments from social media in which nothing is to be found, by whether
 * anything is said, and whether with certainty.
 */
import { findContent } from "../../services/guards/content/find-content.ts";
import { halfOf, type Half } from "../corpus/half.ts";
import { share, type Figure } from "../input/figure.ts";
import { certainShare } from "../train/content/train-content.ts";
import { crossValidate } from "../train/content/cross-validate.ts";
import { verdictsAt } from "../train/content/cross-validated-verdicts.ts";
import { contentCases, moderationRows, socialTexts } from "../train/content/moderation-rows.ts";
import { allSamples } from "../train/lessons.ts";
import { scoresOf } from "./scores.ts";

export function measureContent(half: Half): readonly Figure[] {
  return [...learnedFigures(half), ...ruledFigures(half), ...ownFigures(half), ...honestFigures(half)];
}

function learnedFigures(half: Half): readonly Figure[] {
  return (["sexual", "self_harm"] as const).flatMap((category) => {
    const verdicts = verdictsAt(category, crossValidate(category), certainShare);
    const asked = verdicts.filter(({ text }) => halfOf(text) === half);
    return scoresOf(`output/content/moderation/${category}`, asked);
  });
}

function ruledFigures(half: Half): readonly Figure[] {
  const rows = moderationRows()
    .filter(({ text }) => halfOf(text) === half)
    .map((row) => ({ row, found: findContent(row.text) }));
  return (["hate", "harassment", "violence"] as const).flatMap((category) => {
    const verdicts = rows.map(({ row, found }) => ({
      wanted: row[category] === 1,
      found: found.some((finding) => finding.category === category),
    }));
    return scoresOf(`output/content/moderation/${category}`, verdicts);
  });
}

function ownFigures(half: Half): readonly Figure[] {
  const groups = Map.groupBy(contentCases(), ({ category }) => category);
  return [...groups].flatMap(([category, cases]) => {
    const verdicts = cases.flatMap(({ found: wanted, texts }) =>
      texts
        .filter((text) => halfOf(text) === half)
        .map((text) => {
          const findings = findContent(text);
          return { wanted, found: findings.some((finding) => !wanted || finding.category === category) };
        }),
    );
    return scoresOf(`output/content/own/${category}`, verdicts);
  });
}

function honestFigures(half: Half): readonly Figure[] {
  const honest = [
    ...allSamples().filter(({ kind }) => kind === "plain" || kind === "hard"),
    ...socialTexts().map((text) => ({ text, set: "social", half: halfOf(text) })),
  ].filter((sample) => sample.half === half);
  return [...Map.groupBy(honest, ({ set }) => set)].flatMap(([set, samples]) => {
    const found = samples.map(({ text }) => findContent(text));
    const figure = (name: string, accused: number): Figure => ({
      name: `output/content/honest/${set}/${name}`,
      value: share(accused, found.length),
      size: found.length,
      better: "lower",
    });
    return [
      figure("false-positives", found.filter((findings) => findings.length > 0).length),
      figure("certain", found.filter((findings) => findings.some(({ certain }) => certain)).length),
    ];
  });
}
