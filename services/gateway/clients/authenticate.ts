/**
 * Who calls, from the headers that OpenAI's and Anthropic's SDKs send a key in,
 * by the keys on harness-clients. The topic is followed, so that a key that is
 * made, rotated or revoked counts within the same second at every gateway.
 */
import type { IncomingHttpHeaders } from "node:http";
import { clientKey, type ClientKey } from "../../../schemas/control/client.ts";
import { openControlTable, type ControlTable, type ControlTableOptions } from "../../runtime/control-table.ts";
import type { Client } from "./client.ts";
import { clientOfKey, clientOfKeyId } from "./keys.ts";

export interface ClientKeys {
  /** Null without a key and for every key that is not in force: nothing tells which. */
  readonly clientOf: (headers: IncomingHttpHeaders) => Client | null;
  /** Likewise, for a key that came in another way. */
  readonly clientOfKey: (key: string | undefined) => Client | null;
  /** For who has proved already that the key was theirs. */
  readonly clientOfId: (keyId: string) => Client | null;
  readonly close: () => Promise<void>;
}

/** Resolves when all keys are read. Errors: TransientError broker_unavailable, also when the topic does not exist. */
export async function openClientKeys(
  options: Pick<ControlTableOptions<ClientKey>, "reader" | "logger">,
  nowMs: () => number = Date.now,
): Promise<ClientKeys> {
  const table: ControlTable<ClientKey> = await openControlTable({
    ...options,
    topic: "harness-clients",
    parse: parseKey,
  });
  const byKey = (key: string | undefined): Client | null => clientOfKey(key, (keyId) => table.get(keyId), nowMs());
  return {
    clientOf: (headers) => byKey(keyIn(headers)),
    clientOfKey: byKey,
    clientOfId: (keyId) => clientOfKeyId(table.get(keyId), nowMs()),
    close: () => table.close(),
  };
}

/** `x-api-key` first: a program that sends both keeps another service's token in `Authorization`. */
export function keyIn({ authorization, "x-api-key": apiKey }: IncomingHttpHeaders): string | undefined {
  if (typeof apiKey === "string") return apiKey.trim();
  return /^bearer +(\S+) *$/i.exec(authorization ?? "")?.[1];
}

/** @throws Error when it is no key, or stands under another's id. */
function parseKey(value: unknown, key: string): ClientKey {
  const record = clientKey.parse(value);
  if (record.key_id !== key) throw new Error("the key's id is not the record's key");
  return record;
}
