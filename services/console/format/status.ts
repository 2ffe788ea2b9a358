/** What a status or outcome says by its colour. Pure; words are always shown beside. */

export type Tone = "good" | "warn" | "bad" | "quiet" | "accent";

const tones: Readonly<Record<string, Tone>> = {
  ok: "good",
  released: "good",
  refused: "warn",
  degraded: "warn",
  over_budget: "warn",
  expired: "warn",
  in_review: "accent",
  running: "accent",
  failed_validation: "bad",
  invalid: "bad",
  rejected: "bad",
  error: "bad",
};

/** Of a run's status or a call's outcome. */
export function toneOf(status: string): Tone {
  return tones[status] ?? "quiet";
}

/** `failed_validation` reads `failed validation`. */
export function words(code: string): string {
  return code.replaceAll("_", " ");
}
