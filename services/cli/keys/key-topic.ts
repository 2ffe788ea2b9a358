/** harness-clients as the commands read and write it: all keys by their id, and those to add or change. */
import type { Actor } from "../../../schemas/audit/change.ts";
import { clientKey, type ClientKey } from "../../../schemas/control/client.ts";
import { tellChanges } from "../../runtime/audit/change-record.ts";
import type { LogReader } from "../../runtime/kafka/log-reader.ts";
import type { KafkaConnection } from "../connections.ts";
import { readControlTopic } from "../control-topic.ts";

export interface KeyTopic extends Pick<KafkaConnection, "producer"> {
  readonly reader: Pick<LogReader, "offsets" | "read">;
}

/** Records that are no keys are left out, as the gateways do. */
export async function readKeys(reader: KeyTopic["reader"]): Promise<ReadonlyMap<string, ClientKey>> {
  const keys = new Map<string, ClientKey>();
  for (const [keyId, value] of await readControlTopic(reader, "harness-clients")) {
    const key = clientKey.safeParse(value);
    if (key.success && key.data.key_id === keyId) keys.set(keyId, key.data);
  }
  return keys;
}

/** As `writeKeys`, told to the audit before. */
export async function changeKeys(
  topic: KeyTopic,
  keys: readonly ClientKey[],
  { by, action, previous }: { readonly by: Actor; readonly action: string; readonly previous?: string },
): Promise<void> {
  const [key] = keys;
  if (key === undefined) return;
  const { publish } = await topic.producer();
  const from = previous === undefined ? {} : { previous };
  await tellChanges(publish, by, [{ action, target: key.key_id, client_id: key.client_id, ...from }]);
  await writeKeys(topic, keys);
}

/** Resolves when all are acknowledged. Errors: TransientError broker_unavailable. */
export async function writeKeys({ producer }: KeyTopic, keys: readonly ClientKey[]): Promise<void> {
  const { publish } = await producer();
  const nowMs = Date.now();
  await publish(
    keys.map((value) => ({
      topic: "harness-clients",
      key: value.key_id,
      id: `${value.key_id}/${nowMs}`,
      type: "breakwater.key",
      value,
    })),
  );
}
