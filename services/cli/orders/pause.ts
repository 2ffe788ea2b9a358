/**
 * `pause`, `resume` and `pauses`: a client, a harness, a provider or one of its
 * models takes part in nothing that costs until it is resumed.
 */
import { z } from "zod";
import {
  commandKey,
  commandRecord,
  pauseTarget,
  type CommandRecord,
  type PauseTarget,
} from "../../../schemas/control/command.ts";
import { pauseName } from "../../status/target-names.ts";
import { withKafka } from "../connections.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { operatorOf, parseOptions, type CommandAction } from "../program/command.ts";
import { readOrders, writeOrder } from "./order.ts";

const pauseOptions = z.object({
  client: z.string().optional(),
  harness: z.string().optional(),
  provider: z.string().optional(),
  model: z.string().optional(),
  reason: z.string().min(1).max(200, "at most 200 characters").optional(),
});

/** Errors: CommandError when it is not exactly one target, or none that there can be. */
function targetOf(options: unknown): { readonly target: PauseTarget; readonly why: string | undefined } {
  const { client, harness, provider, model, reason } = parseOptions(pauseOptions, options);
  if ([client, harness, provider].filter((given) => given !== undefined).length !== 1)
    throw new CommandError(exitCodes.usage, "name one: --client, --harness or --provider");
  if (model !== undefined && provider === undefined)
    throw new CommandError(exitCodes.usage, "--model: names a model of --provider");
  const scope = client !== undefined ? "client" : harness !== undefined ? "harness" : "provider";
  const parsed = pauseTarget.safeParse({ scope, client_id: client, harness, provider, model });
  if (parsed.success) return { target: parsed.data, why: reason };
  throw new CommandError(exitCodes.usage, `--${scope}: ${parsed.error.issues[0]?.message ?? "is no name"}`);
}

export const pause: CommandAction = async ({ screen, env }, { options }) => {
  const { target, why } = targetOf(options);
  const order: CommandRecord = commandRecord.parse({ kind: "pause", target, why, ordered_at_ms: Date.now() });
  await withKafka(env, (kafka) => writeOrder(kafka, target, { order, by: operatorOf(options) }));
  screen.result(`${pauseName(target)} is paused: nothing new is paid for until \`breakwater resume\``);
  screen.document(order);
  return exitCodes.ok;
};

export const resume: CommandAction = async ({ screen, env }, { options }) => {
  const { target } = targetOf(options);
  const was = await withKafka(env, async (kafka) => {
    const known = (await readOrders(kafka.reader)).has(commandKey(target));
    if (known) await writeOrder(kafka, target, { order: null, by: operatorOf(options) });
    return known;
  });
  screen.result(was ? `${pauseName(target)} is resumed` : `${pauseName(target)} was not paused`);
  screen.document({ target, resumed: was });
  return was ? exitCodes.ok : exitCodes.notOk;
};

export const listPauses: CommandAction = async ({ screen, env }) => {
  const orders = await withKafka(env, ({ reader }) => readOrders(reader));
  const pauses = [...orders.values()].flatMap((order) => (order.kind === "pause" ? [order] : []));
  screen.document({ pauses });
  if (pauses.length === 0) screen.note("Nothing is paused.");
  else
    screen.table({
      columns: [{ head: "paused" }, { head: "since" }, { head: "why", shrink: 20 }],
      rows: pauses.map(({ target, ordered_at_ms: atMs, why = "-" }) => [
        pauseName(target),
        new Date(atMs).toISOString().replace("T", " ").slice(0, 19),
        why,
      ]),
    });
  return exitCodes.ok;
};
