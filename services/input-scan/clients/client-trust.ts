/**
 * Whether the client that a record names is to be believed. `open`: always, as
 * on a topic that only trusted programs can write to. `signed`: only if the
 * record is signed with one of that client's keys or with a gateway's, which
 * has asked the client itself, or its topic belongs to that client alone. Who is not believed is told nothing about the keys there are.
 */
import type { ConsumedRecord } from "../../runtime/stage.ts";
import { isSignedBy, signatureHeader } from "../../runtime/secrets/request-signature.ts";
import type { Client, Clients } from "./client-keys.ts";

export interface ClientTrust {
  /** Null when the claim holds; else why it does not, for people. */
  readonly doubt: (record: ConsumedRecord, clientId: string | undefined) => string | null;
  readonly limitsOf: (clientId: string) => Pick<Client, "requestsPerMinute" | "promptTokens">;
}

export function openClientTrust(mode: "open" | "signed", { clients, topics, gateways }: Clients): ClientTrust {
  const known = new Map(Object.entries(clients));
  const owners = new Map(Object.entries(topics));
  return {
    doubt: (record, clientId) => {
      if (mode === "open") return null;
      if (clientId === undefined) return "the record names no client, so nothing can vouch for it";
      if (owners.get(record.topic) === clientId) return null;
      const signature = record.headers[signatureHeader];
      if (signature === undefined) return `the record has no header ${signatureHeader}`;
      const keys = [...(known.get(clientId)?.keys ?? []), ...gateways];
      if (record.value !== null && isSignedBy(keys, record.value, signature)) return null;
      return "the record is not signed with a key of the client that it names";
    },
    limitsOf: (clientId) => known.get(clientId) ?? {},
  };
}
