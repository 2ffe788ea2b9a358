/**
 * Recall and false positives of the injection guards per set, on one half:
 * attacks should be found, plain and hard benign texts should not; harmful ones
 * need not be.
 */
import type { Half } from "../corpus/half.ts";
import type { Kind, Sample } from "../corpus/sets.ts";
import { figuresOf, type Figure } from "./figure.ts";
import type { Guards, Signals } from "./open-guards.ts";

const kinds: readonly Kind[] = ["attack", "plain", "hard", "harmful"];
export const userSignals = ["signatureBlock", "signatureFlag", "modelBlock", "modelFlag", "block", "flag"] as const;

/** Per kind and set, attacks first; then each honest kind over all its sets, named `all`. */
export function measureInjection(samples: readonly Sample[], half: Half, guards: Guards): readonly Figure[] {
  const judged = samples
    .filter((sample) => sample.half === half)
    .map(({ text, set, kind }) => ({ set, kind, found: guards.signals(text, "user") }));
  return kinds.flatMap((kind) => {
    const ofKind = judged.filter((sample) => sample.kind === kind);
    const figures = (set: string, rows: readonly { readonly found: Signals }[]): readonly Figure[] =>
      figuresOf(
        `injection/${kind}/${set}`,
        rows.map(({ found }) => found),
        { attack: kind === "attack", of: userSignals },
      );
    const sets = [...Map.groupBy(ofKind, ({ set }) => set)].flatMap(([set, rows]) => figures(set, rows));
    return kind === "plain" || kind === "hard" ? [...sets, ...figures("all", ofKind)] : sets;
  });
}
