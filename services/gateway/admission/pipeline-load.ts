/**
 * Looks once a second at how far input-scan and model-invoke are with the runs
 * that somebody waits for, so that a request which would come too late is
 * turned away before it is accepted. A look that fails is only a gap: nobody is
 * turned away because the load is not known.
 */
import type { GroupProgress, GroupTopic } from "../../runtime/consumer/progress/group-progress.ts";
import { consumerGroupOf } from "../../runtime/run-stage.ts";
import { WaitEstimate } from "./wait-estimate.ts";

/** The lane of single runs; batches stand beside it. */
export const lane: readonly GroupTopic[] = [
  { groupId: consumerGroupOf("input-scan"), topic: "harness-requests" },
  { groupId: consumerGroupOf("model-invoke"), topic: "harness-scanned" },
];

export interface PipelineLoad {
  /** How long a run would take from now, milliseconds; null: unknown. */
  readonly waitMs: () => number | null;
  readonly close: () => Promise<void>;
}

interface LaneProgress {
  read(): Promise<readonly GroupProgress[]>;
  close(): Promise<void>;
}

const lookEveryMs = 1000;

/** `progress`: of `lane`. It is closed with the load. */
export function watchLoad(progress: LaneProgress, nowMs: () => number = Date.now): PipelineLoad {
  const estimate = new WaitEstimate();
  let looking: Promise<void> = Promise.resolve();
  let isLooking = false;
  const look = async (): Promise<void> => {
    isLooking = true;
    try {
      estimate.add({ atMs: nowMs(), stages: await progress.read() });
    } catch {
      // The broker is away: what the gateway does without it, it says elsewhere.
    } finally {
      isLooking = false;
    }
  };
  const timer = setInterval(() => {
    if (!isLooking) looking = look();
  }, lookEveryMs);
  return {
    waitMs: () => estimate.waitMs(nowMs()),
    close: async () => {
      clearInterval(timer);
      await looking;
      await progress.close();
    },
  };
}
