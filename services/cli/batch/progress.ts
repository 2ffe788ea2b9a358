/**
 * A batch's progress: on a terminal one line that is redrawn, elsewhere a plain
 * line at every tenth of the way. Drawing is pure; the view only decides when.
 */
import { grouped } from "../table.ts";
import type { Screen } from "../screen.ts";
import type { Tally } from "./tally.ts";

export interface Progress {
  readonly total: number;
  /** Documents whose answer waits for a person. */
  readonly inReview: number;
  readonly tally: Tally;
}

/** Characters between the brackets: as many as there is room for. */
const bar = { least: 6, most: 24 } as const;

export function renderProgress({ total, inReview, tally }: Progress, columns: number): string {
  const over = endedOf(tally);
  const waiting = inReview === 0 ? "" : `${grouped(inReview)} in review, `;
  const text = `${grouped(over)}/${grouped(total)}  ${waiting}${describeTally(tally)}`;
  // Brackets, a space, and the terminal's last column, which would wrap the line.
  const room = Math.min(bar.most, columns - text.length - 4);
  if (room < bar.least) return text.slice(0, Math.max(1, columns - 1));
  const filled = total === 0 ? room : Math.floor((over / total) * room);
  return `[${"#".repeat(filled)}${"-".repeat(room - filled)}] ${text}`;
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
