/**
 * What a command gets and gives: its words and options (parsed by the command
 * itself with Zod), where to write, and the exit status. Commands are imported
 * when they run, so that `--help` loads none of them.
 */
import { userInfo } from "node:os";
import type { Command } from "commander";
import { z } from "zod";
import type { Actor } from "../../../schemas/audit/change.ts";
import { CommandError, exitCodes, type ExitCode } from "../exit-codes.ts";
import type { Screen } from "../screen.ts";

export interface CommandContext {
  readonly screen: Screen;
  readonly env: NodeJS.ProcessEnv;
  /**
   * Aborts on the first Ctrl-C or SIGTERM. Asking for it takes over the
   * signals: a command that does not ask is ended by them at once.
   */
  readonly signal: AbortSignal;
}

export interface CommandWords {
  readonly words: readonly string[];
  readonly options: unknown;
}

export type CommandAction = (context: CommandContext, words: CommandWords) => Promise<ExitCode>;

export type ActionLoader = () => Promise<CommandAction>;

export type Runner = (load: ActionLoader, command: Command) => Promise<void>;

/** Options by a Zod schema; a bad one is a usage error that names it. */
export function parseOptions<Schema extends z.ZodType>(schema: Schema, options: unknown): z.output<Schema> {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `--${flagName(String(issue.path[0] ?? ""))}: ${issue.message}`);
  throw new CommandError(exitCodes.usage, lines.join("\n"));
}

const operatorOption = z.object({ operator: z.string().min(1).max(128, "at most 128 characters").optional() });

/** Who runs the command: the name of --operator, else the operating system's user. */
export function operatorOf(options: unknown): Actor {
  return { kind: "user", id: parseOptions(operatorOption, options).operator ?? systemUser() };
}

/** A user without an entry among the users has its number alone. */
function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? "unknown"}`;
  }
}

const positiveSeconds = "a number of seconds above 0";
/** Of --timeout. */
export const seconds = z.coerce.number(positiveSeconds).positive(positiveSeconds);

/** Why a file that was named cannot be read, for a sentence that begins with its name. */
export function unreadable(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOENT") return "no such file";
  if (code === "EISDIR") return "it is a folder";
  if (code === "EACCES") return "it may not be read";
  if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") return "it is not text in UTF-8";
  return "it cannot be read";
}

function flagName(option: string): string {
  return option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
