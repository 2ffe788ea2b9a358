/**
 * Recall and false positives of the injection guards per set, on one half:
 * attacks should be found, plain and hard benign texts should not, and of
 * harmful ones the share is told without a judgement.
 */
import type { Half } from "../corpus/half.ts";
import type { Kind, Sample } from "../corpus/sets.ts";
import type { Guards } from "./open-guards.ts";
import { ratesOf, type Rates } from "./rates.ts";

export interface SetFigures extends Rates {
  readonly set: string;
  readonly kind: Kind;
}

const kinds: readonly Kind[] = ["attack", "plain", "hard", "harmful"];

/** Per set and kind, attacks first; then each benign kind over all its sets, named `all`. */
export function measureInjection(samples: readonly Sample[], half: Half, guards: Guards): readonly SetFigures[] {
  const judged = samples
    .filter((sample) => sample.half === half)
    .map(({ text, set, kind }) => ({ set, kind, found: guards.signals(text, "user") }));
  return kinds.flatMap((kind) => {
    const ofKind = judged.filter((sample) => sample.kind === kind);
    const sets = [...Map.groupBy(ofKind, ({ set }) => set)].map(([set, rows]) => figures(set, kind, rows));
    return kind === "plain" || kind === "hard" ? [...sets, figures("all", kind, ofKind)] : sets;
  });
}

function figures(
  set: string,
  kind: Kind,
  rows: readonly { readonly found: ReturnType<Guards["signals"]> }[],
): SetFigures {
  return { set, kind, ...ratesOf(rows.map(({ found }) => found)) };
}
