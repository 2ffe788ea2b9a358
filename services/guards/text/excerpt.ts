/**
 * Cuts a long reading to what is new in it: the parts that were replaced and
 * enough around them for any signature that reaches into them. What stands
 * further off was seen in the text itself.
 */
import type { Reading } from "./rewriter.ts";

/** In folded units. */
const longEnough = 4096;
const around = 1024;

export function excerpt(reading: Reading): Reading {
  const { folded, offsets, touched } = reading;
  if (folded.length < longEnough || offsets === null) return reading;
  const start = wordEdge(folded, Math.max(0, touched.start - around));
  const end = Math.min(folded.length, touched.end + around);
  if (end - start > folded.length / 2) return reading;
  return {
    ...reading,
    folded: folded.slice(start, end),
    offsets: offsets.subarray(start, end),
    touched: { start: touched.start - start, end: touched.end - start },
  };
}

/** One letter before a space, so that the middle of a line does not read as its beginning. */
function wordEdge(folded: string, from: number): number {
  if (from === 0) return 0;
  const space = folded.indexOf(" ", from + 1);
  return space > 0 && space < from + around / 2 ? space - 1 : from;
}
