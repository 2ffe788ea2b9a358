/**
 * What each exit status of the command means, for scripts, and the error that
 * carries one. The help lists them.
 */
import { wrapped } from "./table.ts";

export const exitCodes = {
  ok: 0,
  notOk: 1,
  usage: 2,
  unreachable: 3,
  failure: 4,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export const exitCodeMeanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  ok: "done, and every run it waited for ended ok",
  notOk: "done, but some runs did not end ok, some files could not be read, or what was asked for was not found",
  usage: "the command line, a definition or a setting is wrong; nothing was published",
  unreachable: "Kafka or ClickHouse did not answer, or no system runs here",
  failure: "an unexpected error: a bug",
  interrupted: "stopped by Ctrl-C (SIGINT)",
  terminated: "stopped by SIGTERM",
};

/** Ends the command with a sentence for people and a status for scripts; no stack is printed. */
export class CommandError extends Error {
  readonly exitCode: ExitCode;
  constructor(exitCode: ExitCode, message: string) {
    super(message);
    this.name = "CommandError";
    this.exitCode = exitCode;
  }
}

/** Ctrl-C or SIGTERM, as the reason of an AbortSignal. */
export class Interruption extends CommandError {
  constructor(signal: "SIGINT" | "SIGTERM") {
    super(
      signal === "SIGINT" ? exitCodes.interrupted : exitCodes.terminated,
      signal === "SIGINT" ? "interrupted" : "terminated",
    );
    this.name = "Interruption";
  }
}

export function exitCodeHelp(): string {
  const lines = Object.entries(exitCodes).map(([name, code]) => {
    const meaning = Object.entries(exitCodeMeanings).find(([key]) => key === name)?.[1] ?? "";
    return wrapped(meaning, 73)
      .map((line, at) => `  ${at === 0 ? String(code).padEnd(5) : " ".repeat(5)}${line}`)
      .join("\n");
  });
  return ["", "Exit status:", ...lines].join("\n");
}

/** Names that clients of Kafka and ClickHouse give to errors of the way there. */
const unreachableCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "EAI_AGAIN",
  "EPIPE",
]);

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommandError) return error.exitCode;
  if (!(error instanceof Error)) return exitCodes.failure;
  if (error.name === "ConfigError") return exitCodes.usage;
  if (error.name === "StoreError")
    return "fault" in error && error.fault === "unavailable" ? exitCodes.unreachable : exitCodes.failure;
  if (error.name === "TransientError" || error.name.startsWith("KafkaJS")) return exitCodes.unreachable;
  if ("code" in error && typeof error.code === "string" && unreachableCodes.has(error.code))
    return exitCodes.unreachable;
  return error.cause === undefined ? exitCodes.failure : exitCodeOf(error.cause);
}
