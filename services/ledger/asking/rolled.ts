/**
 * Which view of the roll-ups a question reads: sums by day where whole days lie
 * within its period, which is a tenth of the rows; those by the hour when it is
 * split by hours. Both say the same. Parameters are those of `conditionsOf`.
 */
import type { Asking } from "./filter.ts";

export type RolledUp = "spend" | "runs" | "guards" | "decisions";

/** For FROM. `apart`: the parameter with an hour (Unix seconds) that no row reaches across. */
export function rolledUp(view: RolledUp, { by }: Pick<Asking, "by">, apart = "since"): string {
  if (by.includes("hour")) return `${view}_hourly`;
  return `${view}_between(since = {since:UInt32}, apart = {${apart}:UInt32}, until = {until:UInt32})`;
}
