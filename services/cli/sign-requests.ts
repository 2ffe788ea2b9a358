/**
 * Signs what goes onto harness-requests with the client's key, so that an
 * input-scan that asks for it believes the client that the request names. The
 * signature is over the very bytes that the producer writes: the value as JSON.
 */
import { signatureHeader, signRequest } from "../runtime/secrets/request-signature.ts";
import type { Emission, Publish } from "../runtime/stage.ts";

/** As it is when there is no key. */
export function signingRequests(publish: Publish, key: string | undefined): Publish {
  if (key === undefined) return publish;
  return (emissions) => publish(emissions.map((emission) => signed(emission, key)));
}

function signed(emission: Emission, key: string): Emission {
  if (emission.topic !== "harness-requests") return emission;
  const signature = signRequest(key, JSON.stringify(emission.value));
  return { ...emission, headers: { ...emission.headers, [signatureHeader]: signature } };
}
