/** Keys of the gateway for a test, made as `breakwater keys create` makes them. */
import type { z } from "zod";
import { createdKey, createOptions } from "../../services/cli/keys/key-options.ts";
import { writeKeys } from "../../services/cli/keys/key-topic.ts";
import { makeKey } from "../../services/gateway/clients/keys.ts";
import type { Emission } from "../../services/runtime/stage.ts";
import type { StageProcesses } from "./stage-processes.ts";

/** Resolves with the key when it is published; options as the command has them. */
export async function grantKey(
  { reader, producer }: Pick<StageProcesses, "reader" | "producer">,
  options: z.input<typeof createOptions>,
): Promise<string> {
  const key = makeKey();
  const publish = (emissions: readonly Emission[]) => producer.publish(emissions);
  const topic = { reader, producer: () => Promise.resolve({ publish }) };
  await writeKeys(topic, [createdKey(createOptions.parse(options), key, Date.now())]);
  return key.text;
}
