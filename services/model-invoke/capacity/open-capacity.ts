/** The capacity of one process: its share of the limits known from the start, and its gauges observed. */
import type { ModelLimits } from "../../providers/configured/providers-file.ts";
import { observeCapacity } from "./capacity-metrics.ts";
import { Capacity } from "./capacity.ts";
import { ProcessCount, type ProcessCountSettings } from "./process-count.ts";

export interface CapacitySurroundings extends ProcessCountSettings {
  readonly limitsOf: (provider: string, model: string) => ModelLimits;
  /** Calls of one model in flight where nothing else limits them. */
  readonly maxConcurrent: number;
  readonly nowMs: () => number;
}

export async function openCapacity(
  surroundings: CapacitySurroundings,
): Promise<{ readonly capacity: Capacity; readonly close: () => void }> {
  const { limitsOf, maxConcurrent, nowMs } = surroundings;
  const shared = new ProcessCount(surroundings);
  await shared.ask();
  const capacity = new Capacity({
    limitsOf: ({ provider, model }) => limitsOf(provider, model),
    maxConcurrent,
    processes: () => shared.count,
    nowMs,
  });
  observeCapacity(capacity);
  return { capacity, close: () => shared.close() };
}
