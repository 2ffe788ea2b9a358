/** Capacity as a process has it that nothing limits: 512 calls of each model at once. */
import { Capacity, type CapacitySettings } from "../../services/model-invoke/capacity/capacity.ts";

export function capacityOf(more: Partial<CapacitySettings> = {}): Capacity {
  return new Capacity({ limitsOf: () => ({}), maxConcurrent: 512, processes: () => 1, nowMs: Date.now, ...more });
}
