/** How long there is until the clock decides. */
import { useNow } from "../../data/use-now.ts";
import { relative, utc } from "../../format/times.ts";

/** From here on it is shown as pressing. */
const soonMs = 900_000;

export function DueIn({ atMs }: { readonly atMs: number }) {
  const nowMs = useNow();
  const isOver = atMs <= nowMs;
  return (
    <time
      class={atMs - nowMs < soonMs ? "figure due-soon" : "figure quiet"}
      dateTime={new Date(atMs).toISOString()}
      title={utc(atMs)}
    >
      {isOver ? "time is over" : `due ${relative(atMs, nowMs)}`}
    </time>
  );
}
