/** Which letters somebody has chosen, over all pages of a group; a hundred at most. */
import { useState } from "preact/hooks";

export const mostChosen = 100;

export interface Chosen {
  readonly refs: readonly string[];
  readonly has: (ref: string) => boolean;
  readonly toggle: (ref: string) => void;
  /** All of these; none of them when all are chosen already. */
  readonly toggleAll: (refs: readonly string[]) => void;
  readonly clear: () => void;
}

export function useChosen(): Chosen {
  const [refs, setRefs] = useState<readonly string[]>([]);
  const has = (ref: string): boolean => refs.includes(ref);
  return {
    refs,
    has,
    toggle: (ref) => setRefs(has(ref) ? refs.filter((one) => one !== ref) : [...refs, ref].slice(0, mostChosen)),
    toggleAll: (shown) =>
      setRefs(
        shown.every(has)
          ? refs.filter((ref) => !shown.includes(ref))
          : [...new Set([...refs, ...shown])].slice(0, mostChosen),
      ),
    clear: () => setRefs([]),
  };
}
