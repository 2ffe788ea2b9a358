/**
 * `audit heads`: the newest signed head of each partition, as JSON lines. Kept
 * where nobody here can write, they show a tail that was cut off later, and a
 * chain that was written anew.
 */
import { readHead, type SignedHead } from "../../audit-chain/signed-head.ts";
import { newestHeads } from "../../ledger/audit/newest-heads.ts";
import { withLedger } from "../connections.ts";
import { exitCodes } from "../exit-codes.ts";
import type { CommandAction } from "../program/command.ts";

export const printHeads: CommandAction = async ({ screen, env }) => {
  const heads: readonly SignedHead[] = await withLedger(env, newestHeads);
  const sound = heads.filter((head) => readHead(head, "the ledger", null).defect === null);
  for (const head of sound) screen.line({ kind: "head", ...head });
  if (sound.length === 0) screen.note("No head is signed yet.");
  return sound.length === 0 ? exitCodes.notOk : exitCodes.ok;
};
