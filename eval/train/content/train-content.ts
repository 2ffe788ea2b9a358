/**
 * `npm run eval -- content-train`: trains the two content models on all
 * samples, takes their levels from the cross-validated scores, and writes
 * services/guards/content/model/weights.ts. The samples are learned whole:
 * figures about them are the cross-validated ones.
 */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { blockSource, packedModel } from "../pack-weights.ts";
import { moderationLessons, otherLessons, places, type LearnedCategory } from "./content-lessons.ts";
import { crossValidate, levelAt } from "./cross-validate.ts";
import { trainModel } from "./train-model.ts";

const target = new URL("../../../services/guards/content/model/weights.ts", import.meta.url);

/** Share of the samples without the flag that are accused with certainty, and at all. */
export const certainShare = 0.01;
const doubtfulShare = 0.02;

export function trainContent(tell: (line: string) => void): void {
  const models = (["sexual", "self_harm"] as const).map((category) => ({ category, ...modelOf(category) }));
  const version = createHash("sha256").update(JSON.stringify(models)).digest("hex").slice(0, 8);
  writeFileSync(
    target,
    `${header}\nexport const contentWeights = {\n  version: "${version}",\n${models.map(sourceOf).join("")}} as const;\n`,
  );
  for (const { category, certainAt, doubtfulAt } of models)
    tell(`${category}: certain above ${certainAt}, doubtful above ${doubtfulAt}\n`);
}

function modelOf(category: LearnedCategory) {
  const scores = crossValidate(category);
  const lessons = moderationLessons(category).filter(({ row }) => row[category] !== undefined);
  const level = (share: number): number => Math.round(levelAt(scores, share) * 1_000) / 1_000;
  return {
    certainAt: level(certainShare),
    doubtfulAt: level(doubtfulShare),
    ...packedModel(trainModel(lessons, otherLessons(category)), places),
  };
}

const header = `/**
 * Weights of the two content models, written by \`npm run eval -- content-train\`:
 * not edited by hand. What they were made of and what they are good for stands
 * in docs/model-card.md. Levels are logits.
 */`;

function sourceOf({
  category,
  certainAt,
  doubtfulAt,
  bias,
  chars,
  words,
}: ReturnType<typeof modelOf> & { readonly category: LearnedCategory }): string {
  return `  ${category}: {
    bias: ${bias},
    certainAt: ${certainAt},
    doubtfulAt: ${doubtfulAt},
${blockSource("chars", chars, 4)}${blockSource("words", words, 4)}  },
`;
}
