/**
 * What a link says of its record's run and client, so that a record that is
 * withheld can be shown to be of another run or client. A run's tag is a hash of
 * its id, which nobody guesses. A client's name can be guessed: its tag is an
 * HMAC under a key of the sealer's, with that key's id before it. Needs Node
 * alone: the evidence pack carries this file.
 */
import { createHash, createHmac, createSecretKey, type KeyObject } from "node:crypto";

export interface Tags {
  /** Null where the record names no run. */
  readonly run_tag: string | null;
  /** Null where it names no client. */
  readonly client_tag: string | null;
}

export interface TagKey {
  /** 16 hex digits. */
  readonly id: string;
  readonly secret: KeyObject;
}

/** Where no audit key is set: anyone can try out names. */
export const openTagKey: TagKey = { id: "0".repeat(16), secret: createSecretKey(Buffer.alloc(32)) };

const digits = 32;

export function runTag(runId: string): string {
  return createHash("sha256").update(`breakwater audit run v1\n${runId}`).digest("hex").slice(0, digits);
}

/** What the tag's key is called. */
export function keyOfTag(clientTag: string): string {
  return clientTag.slice(0, clientTag.indexOf(":"));
}

export function tagsOf(record: unknown, key: TagKey): Tags {
  const { runId, clientId } = namedIn(record);
  return {
    run_tag: runId === null ? null : runTag(runId),
    client_tag: clientId === null ? null : clientTag(clientId, key),
  };
}

function clientTag(clientId: string, { id, secret }: TagKey): string {
  const text = `breakwater audit client v1\n${clientId}`;
  return `${id}:${createHmac("sha256", secret).update(text).digest("hex").slice(0, digits)}`;
}

export interface Named {
  readonly runId: string | null;
  readonly clientId: string | null;
}

/** The run and the client that a record is about. */
export function namedIn(record: unknown): Named {
  if (typeof record !== "object" || record === null) return { runId: null, clientId: null };
  const { run_id: runId, client_id: clientId }: Readonly<Record<string, unknown>> = { ...record };
  return {
    runId: typeof runId === "string" ? runId : null,
    clientId: typeof clientId === "string" ? clientId : null,
  };
}
