/**
 * A batch's progress: on a terminal one line that is redrawn, elsewhere a plain
 * line at every tenth of the way. Drawing is pure; the view only decides when.
 */
import { grouped } from "../table.ts";
import type { Screen } from "../screen.ts";
import type { Tally } from "./tally.ts";

export interface Progress {
  readonly total: number;
  readonly tally: Tally;
}

const barWidth = 24;

export function renderProgress({ total, tally }: Progress, columns: number): string {
  const over = endedOf(tally);
  const filled = total === 0 ? barWidth : Math.floor((over / total) * barWidth);
  const bar = `[${"#".repeat(filled)}${"-".repeat(barWidth - filled)}]`;
  const text = `${grouped(over)}/${grouped(total)}  ${describeTally(tally)}`;
  return `${bar} ${text}`.length < columns ? `${bar} ${text}` : text.slice(0, Math.max(1, columns - 1));
}

/** `56 done, 1 refused, 1 failed, 123,456 + 7,890 tokens, $0.0123` */
export function describeTally(tally: Tally): string {
  const tokens = `${grouped(tally.inputTokens)} + ${grouped(tally.outputTokens)} tokens`;
  const unknown = tally.unpriced === 0 ? "" : ` and ${tally.unpriced} of unknown cost`;
  return `${tally.ok} done, ${tally.refused} refused, ${tally.failed} failed, ${tokens}, $${tally.costUsd}${unknown}`;
}

export function endedOf(tally: Tally): number {
  return tally.ok + tally.refused + tally.failed;
}

export interface ProgressView {
  update(progress: Progress): void;
  close(): void;
}

/** Redraws at most ten times a second. */
const redrawEveryMs = 100;

export function openProgress(screen: Screen, nowMs: () => number = Date.now): ProgressView {
  let drawnAtMs = 0;
  let lastTenth = -1;
  let last: Progress | null = null;
  const draw = (progress: Progress): void => screen.redraw(renderProgress(progress, screen.columns));
  return {
    update: (progress) => {
      last = progress;
      if (screen.live) {
        if (nowMs() - drawnAtMs < redrawEveryMs) return;
        drawnAtMs = nowMs();
        draw(progress);
        return;
      }
      const tenth = progress.total === 0 ? 10 : Math.floor((endedOf(progress.tally) / progress.total) * 10);
      if (tenth === lastTenth) return;
      lastTenth = tenth;
      screen.note(renderProgress(progress, 1000));
    },
    close: () => {
      if (!screen.live || last === null) return;
      draw(last);
      screen.settle();
      last = null;
    },
  };
}
