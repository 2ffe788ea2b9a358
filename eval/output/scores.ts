/**
 * The figures of a guard that finds things: of texts labelled with whether
 * there is something to find, how much is found (recall), how much of what is
 * said is true (precision), both in one (F1), and how many of the clean texts
 * are accused (false-positives).
 */
import { share, type Figure } from "../input/figure.ts";

export interface Verdict {
  /** What the label says. */
  readonly wanted: boolean;
  /** What the guard says. */
  readonly found: boolean;
}

/** `group` such as `output/grounding/own`. A figure of nothing is left out. */
export function scoresOf(group: string, verdicts: readonly Verdict[]): readonly Figure[] {
  const count = (wanted: boolean, found: boolean): number =>
    verdicts.filter((verdict) => verdict.wanted === wanted && verdict.found === found).length;
  const hits = count(true, true);
  const wanted = hits + count(true, false);
  const falseAlarms = count(false, true);
  const clean = falseAlarms + count(false, false);
  const recall = share(hits, wanted);
  const precision = share(hits, hits + falseAlarms);
  const figure = (name: string, value: number, size: number, better: Figure["better"]): readonly Figure[] =>
    size === 0 ? [] : [{ name: `${group}/${name}`, value, size, better }];
  return [
    ...figure("recall", recall, wanted, "higher"),
    ...figure("precision", precision, hits + falseAlarms, "higher"),
    ...figure("f1", share(2 * precision * recall, precision + recall), wanted, "higher"),
    ...figure("false-positives", share(falseAlarms, clean), clean, "lower"),
  ];
}
