/** When a run was asked for, as its id says. */

/** Clocks may differ by this much, milliseconds: those that make ids, and the broker's. */
export const clockMarginMs = 60_000;

/** The time in a UUIDv7, Unix ms; null for any other id. */
export function madeAtMs(runId: string): number | null {
  return runId[14] === "7" ? Number.parseInt(`${runId.slice(0, 8)}${runId.slice(9, 13)}`, 16) : null;
}
