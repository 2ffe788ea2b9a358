/** The parts of kafkajs 2.2.4 that its own types leave out and this folder uses. */
declare module "kafkajs/src/network/requestQueue/index.js" {
  class RequestQueue {
    pending: unknown[];
    throttledUntil: number;
    throttleCheckTimeoutId: NodeJS.Timeout | null;
    checkPendingRequests(): void;
    scheduleCheckPendingRequests(): void;
  }
  export default RequestQueue;
}
