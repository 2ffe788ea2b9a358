/**
 * `erase`: makes everything that was sealed for a data subject unreadable, for
 * everybody and for good, by erasing the keys. Says what is left in the clear,
 * and for how long: requests as they were published.
 */
import { z } from "zod";
import type { Actor } from "../../../schemas/audit/change.ts";
import { readConfig } from "../../runtime/config.ts";
import { openContentHasher } from "../../runtime/content/content-hash.ts";
import { keysOnDisk, type KeyOnDisk, type OwnedKey } from "../../runtime/content/keys-on-disk.ts";
import { withKafka, withSecretKey, type KafkaConnection } from "../connections.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { operatorOf, parseOptions, seconds, type CommandAction, type CommandContext } from "../program/command.ts";
import { eraseKeys } from "./erase-keys.ts";

const eraseOptions = z.object({
  subject: z.string().min(1),
  client: z.string().min(1).optional(),
  reason: z.string().min(1).max(500).optional(),
  dryRun: z.boolean().default(false),
  timeout: seconds,
});
type EraseOptions = z.output<typeof eraseOptions>;

export const erase: CommandAction = async (context, { options }) => {
  const wish = parseOptions(eraseOptions, options);
  return await withKafka(context.env, async (kafka) => {
    const found = await keysOnDisk(kafka.reader, isTheirs(wish));
    if (found.length === 0) return nothingFound(context, wish);
    showKeys(context, found);
    if (wish.dryRun) return tell(context, { found, state: "found" });
    const isComplete = await eraseAll(context, kafka, { wish, by: operatorOf(options) });
    return tell(context, { found, state: isComplete ? "complete" : "erased" });
  });
};

/** Of every client when none is named; keys that end by themselves, too. */
function isTheirs({ subject, client }: EraseOptions) {
  return (key: OwnedKey) => key.subject_id === subject && (client === undefined || key.client_id === client);
}

function nothingFound({ screen }: CommandContext, { subject, client }: EraseOptions): ExitCode {
  screen.document({ subject, client: client ?? null, state: "none", keys: [] });
  screen.result("No key of this data subject is there: nothing of theirs was sealed, or it is erased.");
  return exitCodes.notOk;
}

function showKeys({ screen }: CommandContext, found: readonly KeyOnDisk[]): void {
  screen.table({
    columns: [{ head: "key" }, { head: "client" }, { head: "since" }, { head: "state" }],
    rows: found.map(({ key, isErased }) => [
      key.key_id,
      key.client_id,
      new Date(key.created_at_ms).toISOString(),
      isErased ? "erased, still on disk" : "in use",
    ]),
  });
}

async function eraseAll(
  { env, screen }: CommandContext,
  kafka: KafkaConnection,
  { wish, by }: { readonly wish: EraseOptions; readonly by: Actor },
): Promise<boolean> {
  const { publish } = await kafka.producer();
  screen.note("Erased keys leave the broker's disk within a minute or so; this command waits and then records it.");
  const { BREAKWATER_SECRET_KEY: setting } = readConfig(["BREAKWATER_SECRET_KEY"], withSecretKey(env));
  const hasher = openContentHasher(setting);
  return await eraseKeys({
    publish,
    look: () => keysOnDisk(kafka.reader, isTheirs(wish)),
    by,
    why: wish.reason,
    subjectHmac: hasher?.hashOf(wish.subject),
    nowMs: Date.now,
    timeoutMs: wish.timeout * 1000,
  });
}

const said = {
  found: "Nothing was erased: this was a dry run.",
  complete: "Erased, and gone from the broker's disk; it is on record in the audit.",
  erased:
    "Erased: nobody can open it any more. The wrapped key is still on the broker's disk: ask again to record its end.",
} as const;

function tell(
  { screen }: CommandContext,
  { found, state }: { readonly found: readonly KeyOnDisk[]; readonly state: keyof typeof said },
): ExitCode {
  screen.document({ state, keys: found.map(({ key }) => ({ key_id: key.key_id, client_id: key.client_id })) });
  screen.result(said[state]);
  return state === "erased" ? exitCodes.notOk : exitCodes.ok;
}
