/** Every figure of accuracy there is, on one half; the same on every machine. */
import type { Half } from "../corpus/half.ts";
import { loadSamples } from "../corpus/sets.ts";
import { measureEvasion } from "./evasion.ts";
import type { Figure } from "./figure.ts";
import { measureInjection } from "./injection.ts";
import type { Guards } from "./open-guards.ts";
import { measurePersonalData } from "./pii.ts";
import { measurePlanted } from "./planted.ts";

export function measureAccuracy(half: Half, guards: Guards): readonly Figure[] {
  const samples = loadSamples();
  return [
    ...measureInjection(samples, half, guards),
    ...measurePlanted(half, guards),
    ...measureEvasion(samples, half, guards),
    ...measurePersonalData(half),
  ];
}
