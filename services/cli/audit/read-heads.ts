/**
 * Signed heads from where they were kept beside the topic: a file of JSON
 * lines, or the ledger, which holds what it read before a tail was cut.
 */
import { readHeadLines } from "../../audit-chain/read-pack.ts";
import { readHead, type ReadHead } from "../../audit-chain/signed-head.ts";
import { newestHeads } from "../../ledger/audit/newest-heads.ts";
import { withLedger } from "../connections.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { unreadable } from "../program/command.ts";

type Trusted = ReadonlySet<string> | null;

/** Errors: CommandError when the file cannot be read. */
export function headsInFile(file: string, trusted: Trusted): readonly ReadHead[] {
  try {
    return readHeadLines(file, trusted);
  } catch (error) {
    throw new CommandError(exitCodes.usage, `${file}: ${unreadable(error)}`);
  }
}

/** The newest of each partition; null where no ledger answers, or it has none of its tables yet. */
export async function headsInLedger(env: NodeJS.ProcessEnv, trusted: Trusted): Promise<readonly ReadHead[] | null> {
  try {
    const heads = await withLedger(env, newestHeads);
    return heads.map((head) => readHead(head, "the ledger", trusted));
  } catch (error) {
    if (error instanceof CommandError || (error instanceof Error && error.name === "StoreError")) return null;
    throw error;
  }
}
