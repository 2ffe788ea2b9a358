/**
 * `npm run eval -- train`: trains the linear model on the dev half, finds its
 * thresholds on sets it has not seen, and writes services/guards/model/weights.ts.
 */
import { writeFileSync } from "node:fs";
import { scoreHeldOut, train } from "./held-out.ts";
import { allSamples, lessonsOf } from "./lessons.ts";
import { weightsFile } from "./pack-weights.ts";
import { thresholdsOf } from "./thresholds.ts";

const target = new URL("../../services/guards/model/weights.ts", import.meta.url);

export function trainWeights(tell: (line: string) => void): void {
  const samples = allSamples();
  const lessons = lessonsOf(samples);
  const thresholds = thresholdsOf(scoreHeldOut(samples, lessons, tell));
  tell(`flags at ${thresholds.flagAt}, blocks at ${thresholds.blockAt}\n`);
  writeFileSync(target, weightsFile(train(lessons), thresholds));
  tell(`${lessons.length} lessons learned; written to services/guards/model/weights.ts\n`);
}
