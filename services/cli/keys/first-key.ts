/**
 * The first key of a system: when harness-clients holds none at all, one that
 * opens everything, so that somebody can make the others. A system whose keys
 * are all revoked gets none: whoever revoked the last one meant it.
 */
import { makeKey } from "../../gateway/clients/keys.ts";
import { operatorOf } from "../program/command.ts";
import { createdKey } from "./key-options.ts";
import { changeKeys, readKeys, type KeyTopic } from "./key-topic.ts";

export const firstClient = "operator";

/** Null when there are keys. Errors: TransientError broker_unavailable. */
export async function ensureFirstKey(kafka: KeyTopic, by = operatorOf({})): Promise<{ readonly key: string } | null> {
  if ((await readKeys(kafka.reader)).size > 0) return null;
  const key = makeKey();
  const label = "made at the first start";
  const record = createdKey({ client: firstClient, admin: true, review: true, label }, key, Date.now());
  await changeKeys(kafka, [record], { by, action: "key.created" });
  return { key: key.text };
}
