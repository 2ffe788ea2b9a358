/**
 * A thread beside the reading of a document that ends their process at once
 * when it grows beyond its limit, or when the batch that asked is gone: the
 * reading itself may be too busy to notice either.
 */
import { workerData } from "node:worker_threads";
import { z } from "zod";

export const watchOrder = z.object({ maxRssBytes: z.number().positive() });

const { maxRssBytes } = watchOrder.parse(workerData);
const parent = process.ppid;
const everyMs = 20;

setInterval(() => {
  if (process.memoryUsage.rss() > maxRssBytes || process.ppid !== parent) process.kill(process.pid, "SIGKILL");
}, everyMs);
