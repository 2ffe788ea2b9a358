/**
 * The accuracy that must not be lost: eval/baseline.json holds every figure of
 * the test half by name, as `npm run eval -- baseline` wrote it. A figure may
 * be worse by half a percentage point at most; being better is no fault.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import type { Figure } from "./input/figure.ts";

const place = new URL("baseline.json", import.meta.url);
const tolerance = 0.005;

const baselineFile = z.object({ figures: z.record(z.string(), z.number()) });
export type Baseline = z.infer<typeof baselineFile>;

export function readBaseline(): Baseline {
  return baselineFile.parse(JSON.parse(readFileSync(place, "utf8")));
}

export function writeBaseline(figures: readonly Figure[]): void {
  writeFileSync(place, `${JSON.stringify(baselineOf(figures), null, 2)}\n`);
}

/** How much of the texts that ask for harm in plain words is found is told, but neither good nor bad. */
export function baselineOf(figures: readonly Figure[]): Baseline {
  const judged = figures.filter(({ name }) => !name.startsWith("injection/harmful/"));
  return { figures: Object.fromEntries(judged.map(({ name, value }) => [name, Math.round(value * 1e5) / 1e5])) };
}

/** What is worse than the baseline, or no longer measured, one line each. */
export function losses({ figures: held }: Baseline, figures: readonly Figure[]): readonly string[] {
  const measured = new Map(figures.map((figure) => [figure.name, figure]));
  return Object.entries(held).flatMap(([name, before]) => {
    const now = measured.get(name);
    if (now === undefined) return [`${name} is not measured any more`];
    const lost = now.better === "higher" ? before - now.value : now.value - before;
    return lost > tolerance ? [`${name} was ${percent(before)}, is ${percent(now.value)} of ${now.size}`] : [];
  });
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
