/** How many answers wait for a person. */
import { metrics } from "@opentelemetry/api";
import { metricNames, tracerName } from "../../runtime/telemetry/names.ts";
import type { Reviews } from "./reviews.ts";

/** Read when metrics are collected. Processes add up: each tells of its own partitions. */
export function observeReviews(reviews: Pick<Reviews, "waiting">): void {
  metrics
    .getMeter(tracerName)
    .createObservableGauge(metricNames.reviewsWaiting)
    .addCallback((result) => result.observe(reviews.waiting));
}
