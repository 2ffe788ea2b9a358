/**
 * `keys`: makes, lists, rotates and revokes the keys of the gateway. Running
 * gateways take each change up at once. A key is shown when it is made, and
 * never again.
 */
import type { ClientKey } from "../../../schemas/control/client.ts";
import { isInForce, makeKey, type NewKey } from "../../gateway/clients/keys.ts";
import { withKafka } from "../connections.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { operatorOf, parseOptions, type CommandAction, type CommandContext } from "../program/command.ts";
import { createdKey, createOptions, rotatedKey, rotateOptions } from "./key-options.ts";
import { changeKeys, readKeys, type KeyTopic } from "./key-topic.ts";
import { keyDocument, keyTable } from "./key-table.ts";

export const createKey: CommandAction = async ({ screen, env }, { options }) => {
  const given = parseOptions(createOptions, options);
  const key = makeKey();
  const record = createdKey(given, key, Date.now());
  const by = operatorOf(options);
  await withKafka(env, (kafka) => changeKeys(kafka, [record], { by, action: "key.created" }));
  show(screen, key, record);
  return exitCodes.ok;
};

export const listKeys: CommandAction = async ({ screen, env }) => {
  const nowMs = Date.now();
  const keys = [...(await withKafka(env, ({ reader }) => readKeys(reader))).values()].toSorted(
    (left, right) => left.created_at_ms - right.created_at_ms,
  );
  screen.document({ keys: keys.map((key) => keyDocument(key, nowMs)) });
  if (keys.length === 0) screen.note("There is no key.");
  else screen.table(keyTable(keys, nowMs));
  return exitCodes.ok;
};

export const rotateKey: CommandAction = async ({ screen, env }, { words, options }) => {
  const { grace: graceMs } = parseOptions(rotateOptions, options);
  const by = operatorOf(options);
  const key = makeKey();
  const { fresh, ending } = await withKafka(env, async (kafka) => {
    const old = await keyNamed(kafka, words[0]);
    const nowMs = Date.now();
    if (!isInForce(old, nowMs))
      throw new CommandError(exitCodes.notOk, `The key ${old.key_id} is not in force any more: create another.`);
    const rotated = rotatedKey(old, key, { atMs: nowMs, graceMs });
    await changeKeys(kafka, [rotated.fresh, rotated.ending], { by, action: "key.rotated", previous: old.key_id });
    return rotated;
  });
  show(screen, key, fresh);
  screen.note(`The old one, ${ending.key_id}, is valid until ${new Date(ending.valid_until_ms ?? 0).toISOString()}.`);
  return exitCodes.ok;
};

export const revokeKey: CommandAction = async ({ screen, env }, { words, options }) => {
  const by = operatorOf(options);
  const { record, wasInForce } = await withKafka(env, async (kafka) => {
    const known = await keyNamed(kafka, words[0]);
    if (known.revoked_at_ms !== undefined) return { record: known, wasInForce: false };
    const revoked = { ...known, revoked_at_ms: Date.now() };
    await changeKeys(kafka, [revoked], { by, action: "key.revoked" });
    return { record: revoked, wasInForce: true };
  });
  screen.result(`${record.key_id} of ${record.client_id} ${wasInForce ? "is revoked" : "was revoked already"}`);
  screen.document(keyDocument(record, Date.now()));
  return exitCodes.ok;
};

/** Errors: CommandError when there is no such key, without repeating what was written: it may be a key. */
async function keyNamed({ reader }: KeyTopic, keyId = ""): Promise<ClientKey> {
  const key = (await readKeys(reader)).get(keyId);
  if (key !== undefined) return key;
  throw new CommandError(exitCodes.notOk, "There is no key with this id; `npx breakwater keys list` shows the ids.");
}

function show(screen: CommandContext["screen"], { text }: NewKey, record: ClientKey): void {
  screen.result(text);
  screen.document({ key: text, ...keyDocument(record, record.created_at_ms) });
  screen.note(`This is the key ${record.key_id} of ${record.client_id}. It is shown this once: keep it now.`);
}
