/**
 * A request as a record on harness-requests. The same request is always the
 * same bytes, so that a repeat has the same body hash and is recognised; signed
 * with the client's key, over those bytes, when there is one.
 */
import type { RunRequest } from "../../schemas/records/run-request.ts";
import { signatureHeader, signRequest } from "../runtime/secrets/request-signature.ts";
import type { Emission, Publish } from "../runtime/stage.ts";

export function requestEmission(request: RunRequest & { readonly run_id: string }): Emission {
  return {
    topic: "harness-requests",
    key: request.run_id,
    id: request.run_id,
    type: "breakwater.run.requested",
    value: request,
  };
}

/** Publishes requests signed, so that an input-scan that asks for it believes the client that they name; without a key as it was. */
export function signingRequests(publish: Publish, key: string | undefined): Publish {
  if (key === undefined) return publish;
  return (emissions) => publish(emissions.map((emission) => signed(emission, key)));
}

function signed(emission: Emission, key: string): Emission {
  if (emission.topic !== "harness-requests") return emission;
  const signature = signRequest(key, JSON.stringify(emission.value));
  return { ...emission, headers: { ...emission.headers, [signatureHeader]: signature } };
}
