/**
 * What a deploy does before the stages start. `setup`: topics, dead-letter
 * topics, schemas, tables, harness definitions, signature packs. `topics
 * create`: the same without definitions and packs.
 */
import { exitCodes } from "../exit-codes.ts";
import { operatorOf, type CommandAction } from "../program/command.ts";
import { applyDefinitions, describeApplied } from "../up/apply-definitions.ts";
import { describePrepared, prepare } from "../up/prepare.ts";

export const setUp: CommandAction = async ({ screen, env }, { options }) => {
  const prepared = await prepare(env);
  const applied = await applyDefinitions(env, operatorOf(options));
  screen.result([...describePrepared(prepared), ...describeApplied(applied)].join("\n"));
  screen.document({
    ...prepared,
    harnesses: applied.harnesses.map(({ definition: { name }, version }) => ({ name, version })),
    packs: applied.packs.map(({ pack, version }) => ({ pack, version })),
  });
  return exitCodes.ok;
};

export const createTopicsAndTables: CommandAction = async ({ screen, env }) => {
  const prepared = await prepare(env);
  screen.result(describePrepared(prepared).join("\n"));
  screen.document(prepared);
  return exitCodes.ok;
};
