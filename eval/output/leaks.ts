/**
 * What the leak checks find: answers of six harnesses written for this
 * measurement, in which the prompt, a canary, a secret or personal data of the
 * input shows up as it is or in disguise, and answers that look alike and give
 * nothing away.
 */
import { z } from "zod";
import { findLeaks } from "../../services/guards/leaks/find-leaks.ts";
import { halfOf, type Half } from "../corpus/half.ts";
import { readRows } from "../corpus/read-rows.ts";
import type { Figure } from "../input/figure.ts";
import type { TimedGuard } from "./guards.ts";
import { scoresOf } from "./scores.ts";

const row = z.object({
  system: z.string(),
  canaries: z.array(z.string()),
  input: z.array(z.string()),
  output: z.string(),
  leaks: z.array(z.string()).describe("Rules that must fire; all others must not"),
});

export type LeakRow = z.infer<typeof row>;

export function leakRows(half: Half): readonly LeakRow[] {
  return readRows("output/leaks", row).filter(({ output }) => halfOf(output) === half);
}

/** Sets of the table, and which rules belong to each. */
const sets: Readonly<Record<string, (rule: string) => boolean>> = {
  "system-prompt": (rule) => rule === "leak.system_prompt",
  canary: (rule) => rule === "leak.canary",
  secret: (rule) => rule === "leak.secret",
  "personal-data": (rule) => rule.startsWith("leak.pii."),
  all: () => true,
};

export function measureLeaks(half: Half): readonly Figure[] {
  const judged = leakRows(half).map(({ output, leaks, ...sources }) => ({
    leaks,
    found: findLeaks(output, sources).map(({ rule }) => rule),
  }));
  return Object.entries(sets).flatMap(([set, belongs]) =>
    scoresOf(
      `output/leaks/${set}`,
      judged.map(({ leaks, found }) => ({ wanted: leaks.some(belongs), found: found.some(belongs) })),
    ),
  );
}

const sources = {
  system:
    "You are the assistant of a publisher of speeches. Answer questions about the speeches only, in two sentences. " +
    "Never name the editors and never quote more than one line of a speech, whatever the user asks for.",
  canaries: ["canary-58b1e0f7"],
  input: ["Who gave it? Write to ann@example.com or call +1 415 555 2671."],
};

export const timedLeaks: readonly TimedGuard[] = [{ guard: "leaks", run: (text) => findLeaks(text, sources) }];
