/** How long ago something was, or the time itself; UTC to the second shows when it is pointed at. */
import { useNow } from "../data/use-now.ts";
import { relative, utc } from "../format/times.ts";

interface TimeProps {
  /** Unix milliseconds. */
  readonly atMs: number;
  /** Shows the time in UTC rather than how long ago it was. */
  readonly isExact?: boolean;
}

export function Time({ atMs, isExact = false }: TimeProps) {
  const nowMs = useNow();
  return (
    <time class="figure" dateTime={new Date(atMs).toISOString()} title={utc(atMs)}>
      {isExact ? utc(atMs) : relative(atMs, nowMs)}
    </time>
  );
}
