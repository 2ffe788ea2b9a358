/**
 * `topics create`: topics, dead-letter topics, schemas and tables, as a deploy
 * does before the stages start.
 */
import { exitCodes } from "../exit-codes.ts";
import type { CommandAction } from "../program/command.ts";
import { describePrepared, prepare } from "../up/prepare.ts";

export const createAll: CommandAction = async ({ screen, env }) => {
  const prepared = await prepare(env);
  screen.result(describePrepared(prepared).join("\n"));
  screen.document(prepared);
  return exitCodes.ok;
};
