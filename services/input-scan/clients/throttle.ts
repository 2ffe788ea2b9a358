/**
 * What limits a request because of who asks: the client's own limits, and the
 * harness's limit for each client.
 */
import type { ConsumedRecord } from "../../runtime/stage.ts";
import type { VersionedDefinition } from "../decide.ts";
import type { Envelope } from "../rules/envelope.ts";
import type { Throttle } from "../rules/limits.ts";
import { noClients } from "./client-keys.ts";
import { openClientTrust, type ClientTrust } from "./client-trust.ts";
import { RateLimits, type Limit } from "./rate-limits.ts";

export interface Clients {
  readonly trust: ClientTrust;
  readonly rates: RateLimits;
}

/** Nobody is known, everybody is believed: what holds when nothing is configured. */
export function anyClients(): Clients {
  return { trust: openClientTrust("open", noClients), rates: new RateLimits() };
}

interface Asked {
  readonly envelope: Envelope;
  readonly harness: VersionedDefinition | null;
}

/** What cannot become a run is not counted. */
export function throttleOf(
  { trust, rates }: Clients,
  { topic, partition, offset, timestampMs }: ConsumedRecord,
  { envelope, harness }: Asked,
): { readonly throttle: Throttle | null; readonly clientPromptTokens: number | undefined } {
  if (envelope.kind === "unusable" || harness === null) return { throttle: null, clientPromptTokens: undefined };
  const { client_id: client } = envelope.request;
  const { requestsPerMinute, promptTokens } = trust.limitsOf(client);
  const { name, limits } = harness.definition;
  const asked = [
    limitOf(JSON.stringify([client]), "this client", requestsPerMinute),
    limitOf(JSON.stringify([client, name]), `this client to ${name}`, limits?.requestsPerMinute),
  ].filter((limit) => limit !== null);
  const throttle = rates.take({ place: `${topic}/${partition}/${offset}`, atMs: timestampMs, limits: asked });
  return { throttle, clientPromptTokens: promptTokens };
}

function limitOf(key: string, scope: string, requestsPerMinute: number | undefined): Limit | null {
  return requestsPerMinute === undefined ? null : { key, scope, requestsPerMinute };
}
