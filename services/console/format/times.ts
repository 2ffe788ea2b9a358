/** Times and spans as text: how long ago for the eye, UTC to the second for the record. */

const steps = [
  { unit: "d", ms: 86_400_000 },
  { unit: "h", ms: 3_600_000 },
  { unit: "min", ms: 60_000 },
  { unit: "s", ms: 1000 },
] as const;

/** `3 min ago`, `in 2 h`, `just now` within five seconds. */
export function relative(atMs: number, nowMs: number): string {
  const gapMs = Math.abs(nowMs - atMs);
  if (gapMs < 5000) return "just now";
  const { unit, ms } = steps.find((step) => gapMs >= step.ms) ?? steps[3];
  const text = `${Math.floor(gapMs / ms)} ${unit}`;
  return atMs <= nowMs ? `${text} ago` : `in ${text}`;
}

/** `2026-11-23 08:44:48 UTC` */
export function utc(atMs: number): string {
  return `${new Date(atMs).toISOString().replace("T", " ").slice(0, 19)} UTC`;
}

/** `850 ms`, `1.4 s`, `2 min 5 s`, `3 h 10 min`. */
export function span(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min ${Math.floor((ms % 60_000) / 1000)} s`;
  return `${Math.floor(ms / 3_600_000)} h ${Math.floor((ms % 3_600_000) / 60_000)} min`;
}
