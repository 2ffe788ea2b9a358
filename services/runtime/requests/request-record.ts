/**
 * A request as a record on harness-requests, or on harness-requests-batch. The same request is always the
 * same bytes, so that a repeat has the same body hash and is recognised; signed
 * with the client's key, over those bytes, when there is one.
 */
import type { RunRequest } from "../../../schemas/records/run-request.ts";
import { signatureHeader, signRequest } from "../secrets/request-signature.ts";
import { clientHeader, type Emission, type Publish } from "../stage.ts";

export type RequestTopic = "harness-requests" | "harness-requests-batch";

/** `traced`: headers by which the run's trace goes on from another, or links to one. */
export function requestEmission(
  request: RunRequest & { readonly run_id: string },
  topic: RequestTopic = "harness-requests",
  traced: Readonly<Record<string, string>> = {},
): Emission {
  const { run_id: id, client_id: client } = request;
  const headers = { [clientHeader]: client, ...traced };
  return { topic, key: id, id, type: "breakwater.run.requested", value: request, headers };
}

/** Publishes requests signed, so that an input-scan that asks for it believes the client that they name; without a key as it was. */
export function signingRequests(publish: Publish, key: string | undefined): Publish {
  if (key === undefined) return publish;
  return (emissions) => publish(emissions.map((emission) => signed(emission, key)));
}

function signed(emission: Emission, key: string): Emission {
  if (emission.topic !== "harness-requests" && emission.topic !== "harness-requests-batch") return emission;
  const signature = signRequest(key, JSON.stringify(emission.value));
  return { ...emission, headers: { ...emission.headers, [signatureHeader]: signature } };
}
