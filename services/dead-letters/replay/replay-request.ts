/**
 * Rebuilds the request of a dead letter as a new run. The original bytes are a
 * request (harness-requests, its batch lane), or a record further down the flow, which tells
 * where its request stands. A mended request may take its place. The run id
 * follows from the rejected record and the number of the replay.
 */
import { z } from "zod";
import { origin, type Origin } from "../../../schemas/parts/identity.ts";
import { runRequest, type RunRequest } from "../../../schemas/records/run-request.ts";
import type { ConsumedTopic } from "../../../topics/catalog.ts";
import { replayRunId } from "../../runtime/requests/run-ids.ts";
import { parseJson, type DeadLetterEntry } from "../dead-letter.ts";

/** Where the request has to be read from. */
export type RequestSource =
  /** The dead letter's own bytes. */
  | { readonly kind: "here" }
  | { readonly kind: "at"; readonly origin: Origin }
  /** This record never was part of a run's way from its request, or does not say where that stands. */
  | { readonly kind: "none"; readonly reason: string };

const carriesOrigin = z.object({ origin });
const carriesSettlement = z.object({ settlement: z.object({ task: carriesOrigin }) });

export function requestSource(topic: ConsumedTopic, value: Buffer | null): RequestSource {
  switch (topic) {
    case "harness-requests":
    case "harness-requests-batch":
      return { kind: "here" };
    case "harness-scanned":
    case "harness-scanned-batch":
    case "harness-retries":
    case "harness-results":
      return originIn(carriesOrigin.safeParse(parseJson(value)).data?.origin, topic);
    case "harness-calls":
      return originIn(carriesSettlement.safeParse(parseJson(value)).data?.settlement.task.origin, topic);
    case "harness-reviews":
      return { kind: "none", reason: "a record of a review is no run: decide on what is held by `reviews`" };
    case "harness-audit":
    case "harness-audit-chain":
      return { kind: "none", reason: "a decision in the audit is not a run: nothing is left to do again" };
    case "harness-alerts":
      return { kind: "none", reason: "an alert is not a run: `alerts list` shows what the webhook did not take" };
  }
}

function originIn(found: Origin | undefined, topic: ConsumedTopic): RequestSource {
  if (found !== undefined) return { kind: "at", origin: found };
  return { kind: "none", reason: `this record of ${topic} does not say where its request stands` };
}

export type Rebuilt =
  | { readonly kind: "request"; readonly request: RunRequest & { readonly run_id: string } }
  | { readonly kind: "unusable"; readonly reason: string };

/** `mended` takes the place of the bytes. `replay` counts from 1. */
export function rebuildRequest(
  entry: DeadLetterEntry,
  bytes: Buffer | null,
  options: { readonly mended?: unknown; readonly replay: number },
): Rebuilt {
  const { source } = entry;
  const value = options.mended ?? parseJson(bytes);
  if (value === undefined) return { kind: "unusable", reason: "its bytes are not a JSON request" };
  const parsed = runRequest.safeParse(value);
  if (!parsed.success)
    return {
      kind: "unusable",
      reason:
        options.mended === undefined
          ? describeIssues(parsed.error)
          : `the mended request is wrong too: ${describeIssues(parsed.error)}`,
    };
  return {
    kind: "request",
    request: {
      ...parsed.data,
      run_id: replayRunId(source, options.replay),
      replay_of: { topic: source.topic, partition: source.partition, offset: source.offset, replay: options.replay },
    },
  };
}

/** Paths and rules; never values, which are somebody's content. */
function describeIssues(error: z.ZodError): string {
  return error.issues
    .slice(0, 5)
    .map((issue) => `/${issue.path.map(String).join("/")} breaks ${issue.code}`)
    .join("; ");
}
