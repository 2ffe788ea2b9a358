/**
 * Corrects one timer of kafkajs 2.2.4. Its request queue re-arms a timer after
 * every answer even when nothing is waiting, with a delay that is negative
 * unless the broker throttles: Node 24 turns that into 1 ms and warns, and each
 * idle connection wakes the process 600 times a second.
 * Here the timer exists only while a request waits, and its delay is positive.
 * Nothing else is needed: a request that arrives arms the timer itself, and a
 * request held back by the in-flight limit is sent when an answer comes in.
 */
import RequestQueue from "kafkajs/src/network/requestQueue/index.js";

const leastDelayMs = 10;

export function correctRequestQueueTimer(): void {
  RequestQueue.prototype.scheduleCheckPendingRequests = scheduleCheckPendingRequests;
}

function scheduleCheckPendingRequests(this: RequestQueue): void {
  if (this.throttleCheckTimeoutId !== null || this.pending.length === 0) return;
  const delayMs = Math.max(this.throttledUntil - Date.now(), leastDelayMs);
  this.throttleCheckTimeoutId = setTimeout(() => {
    this.throttleCheckTimeoutId = null;
    this.checkPendingRequests();
  }, delayMs);
}
