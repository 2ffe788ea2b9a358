/**
 * Writes an order onto harness-commands, told to the audit before, and with it deletes the
 * cancellations whose runs cannot be in the flow any more. Reads back what is
 * in force.
 */
import type { Actor } from "../../../schemas/audit/change.ts";
import {
  commandKey,
  type CancelTarget,
  type CommandRecord,
  type PauseTarget,
} from "../../../schemas/control/command.ts";
import { readCommand } from "../../runtime/commands/commands.ts";
import { orderEmission } from "../../runtime/commands/order-record.ts";
import { orderChange } from "../../runtime/audit/order-change.ts";
import { tellChanges } from "../../runtime/audit/change-record.ts";
import type { LogReader } from "../../runtime/kafka/log-reader.ts";
import type { KafkaConnection } from "../connections.ts";
import { readControlTopic } from "../control-topic.ts";

interface Kafka extends Pick<KafkaConnection, "producer"> {
  readonly reader: Pick<LogReader, "offsets" | "read">;
}

/** Everything that is on the topic, by its key. Records that are no orders are left out, as the stages do. */
export async function readOrders(reader: Kafka["reader"]): Promise<ReadonlyMap<string, CommandRecord>> {
  const orders = new Map<string, CommandRecord>();
  for (const [key, value] of await readControlTopic(reader, "harness-commands")) {
    try {
      orders.set(key, readCommand(value, key));
    } catch {
      continue;
    }
  }
  return orders;
}

/** `order`: null withdraws what was ordered of the target. Resolves when it is acknowledged. */
export async function writeOrder(
  { reader, producer }: Kafka,
  target: PauseTarget | CancelTarget,
  { order, by }: { readonly order: CommandRecord | null; readonly by: Actor },
): Promise<void> {
  const nowMs = order?.ordered_at_ms ?? Date.now();
  const over = [...(await readOrders(reader))].flatMap(([key, { kind, ...known }]) =>
    kind === "cancel" && "until_ms" in known && known.until_ms < nowMs && key !== commandKey(target) ? [key] : [],
  );
  const { publish } = await producer();
  await tellChanges(publish, by, [orderChange(target, order)]);
  await publish([
    orderEmission(commandKey(target), order, nowMs),
    ...over.map((key) => orderEmission(key, null, nowMs)),
  ]);
}
