/** What a row takes from where its record stands, and how it writes times. Pure. */

/** Where the record was read. */
export interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/** Highest for the lowest offset: a ReplacingMergeTree keeps the highest version. */
export function firstByOffset(offset: bigint): string {
  return (2n ** 63n - offset).toString();
}

/** The last millisecond a DateTime64 holds, 9999-12-31T23:59:59.999Z; its first is 1900. */
const lastMs = 253_402_300_799_999;
const firstMs = -2_208_988_800_000;

/** UTC text that every ClickHouse reads alike; a time outside its range becomes the nearest inside. */
export function timeText(unixMs: number): string {
  const clamped = Math.min(Math.max(unixMs, firstMs), lastMs);
  return new Date(clamped).toISOString().replace("T", " ").replace("Z", "");
}
