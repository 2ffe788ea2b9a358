/**
 * The output guards that are measured, one entry each: this is the place where
 * a guard is added to `npm run eval -- output`, to the baseline and to the
 * tables `output-<name>` and `output-time` of docs/guardrails.md.
 */
import type { Half } from "../corpus/half.ts";
import type { Figure } from "../input/figure.ts";
import { findContent } from "../../services/guards/content/find-content.ts";
import { measureContent } from "./content.ts";
import { measureGrounding, timedGrounding } from "./grounding.ts";
import { measureLeaks, timedLeaks } from "./leaks.ts";
import { measurePolicies } from "./policy.ts";
import { measureSanitise, timedSanitise } from "./sanitise.ts";
import { measureSchema, timedRepairs } from "./schema.ts";

export interface OutputGuard {
  /** Of its figures (`output/<name>/...`) and its table (`output-<name>`). */
  readonly name: string;
  /** Of its table. */
  readonly title: string;
  /** Figures named `output/<name>/<set>/<what>` or with more parts between; the same on every machine. */
  measure(half: Half): readonly Figure[];
  readonly timed: readonly TimedGuard[];
}

/** A row of the table of time. */
export interface TimedGuard {
  readonly guard: string;
  /** What it is given instead of a passage of a speech, about as long; the passage itself when absent. */
  readonly prepare?: (text: string) => string;
  readonly run: (text: string) => unknown;
}

export const outputGuards: readonly OutputGuard[] = [
  {
    name: "schema",
    title: "Broken JSON: % mended to the value it was made from, and % of what cannot be mended that is",
    measure: measureSchema,
    timed: timedRepairs,
  },
  {
    name: "leaks",
    title: "Leaks: % of answers that give something away that are found, and % of others accused",
    measure: measureLeaks,
    timed: timedLeaks,
  },
  {
    name: "content",
    title: "Content: % of what is of a category that is found, and % of what is not that is accused",
    measure: measureContent,
    timed: [{ guard: "content", run: findContent }],
  },
  {
    name: "grounding",
    title: "Grounding: % of answers that the context does not support that are found, and % of others accused",
    measure: measureGrounding,
    timed: timedGrounding,
  },
  {
    name: "sanitise",
    title: "Sanitising: % of ordinary texts that come back unharmed, by destination",
    measure: measureSanitise,
    timed: timedSanitise,
  },
  {
    name: "policy",
    title: "Policies: % of what should not pass that is noticed, that is held, and % of what should that is noticed",
    measure: measurePolicies,
    timed: [],
  },
];

/** All figures of all output guards. */
export function measureOutput(half: Half): readonly Figure[] {
  return outputGuards.flatMap((guard) => guard.measure(half));
}
