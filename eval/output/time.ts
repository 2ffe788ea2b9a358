/** What each output guard costs on one core, as eval/input/time.ts measures it. Not part of the baseline. */
import { timeOf, type GuardTime } from "../input/time.ts";
import { outputGuards } from "./guards.ts";

export function measureOutputTime(): readonly GuardTime[] {
  return outputGuards
    .flatMap(({ timed }) => timed)
    .map(({ guard, prepare = (text) => text, run }) => timeOf(guard, prepare, run));
}
