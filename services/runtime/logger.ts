/**
 * JSON logs on stderr. Prompts, answers, context and keys never get there:
 * fields with such names are hidden at any depth, long strings are cut, and of
 * a foreign error only its name, code and stack frames are kept, as its message
 * can quote what it choked on (JSON.parse does). A line that a record or a
 * request caused names its trace.
 */
import pino from "pino";
import { traceFields } from "./telemetry/in-span.ts";

export type Logger = pino.Logger;
export type LogLevel = "debug" | "info" | "warn" | "error";

const longestText = 500;
const deepest = 6;
const hidden = "[hidden]";

const contentNames = new Set(
  [
    ["messages", "message_content", "input", "inputs", "answer", "output", "outputs", "context", "prompt", "prompts"],
    ["text", "plain", "pseudonyms", "content", "contents", "value", "body", "completion", "document", "sealed"],
    ["authorization", "apikey", "api_key", "x-api-key", "password", "secret", "token", "cookie", "headers"],
  ].flat(),
);

/** Errors whose messages are written here or by kafkajs and the system, never from a record. */
const plainErrors = /^(?:KafkaJS|TransientError|PoisonRecordError|ConfigError|StalledError)/;

export function createLogger(name: string, level: LogLevel, destination: pino.DestinationStream = stderr()): Logger {
  return pino(
    {
      name,
      level,
      base: { name, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: (error: unknown) => error },
      mixin: () => traceFields(),
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => Object.fromEntries(shownFields(fields, 0)),
      },
      // What a child logger is bound to passes no formatter, but it does pass redaction.
      redact: { paths: [...contentNames].flatMap((field) => [`["${field}"]`, `*["${field}"]`]), censor: hidden },
    },
    destination,
  );
}

/** Synchronous, so that the last line before a crash is not lost. */
function stderr(): pino.DestinationStream {
  return pino.destination({ dest: 2, sync: true });
}

function shownFields(fields: object, depth: number): [string, unknown][] {
  return Object.entries(fields).map(([name, value]) => [
    name,
    contentNames.has(name.toLowerCase()) ? hidden : shown(value, depth + 1),
  ]);
}

function shown(value: unknown, depth: number): unknown {
  if (typeof value === "string") return cut(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Error) return describeError(value, depth);
  if (depth > deepest || ArrayBuffer.isView(value)) return hidden;
  if (Array.isArray(value)) return value.slice(0, 100).map((item) => shown(item, depth + 1));
  return Object.fromEntries(shownFields(value, depth));
}

function cut(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText)}… (${text.length} characters)` : text;
}

/** Name, code, frames and cause; the message only when it cannot hold content. */
export function describeError(error: Error, depth = 0): Record<string, unknown> {
  const code = "code" in error ? error.code : undefined;
  const bySystem = typeof code === "string" && /^E[A-Z]+$/.test(code);
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return {
    name: error.name,
    ...(typeof code === "string" || typeof code === "number" ? { code } : {}),
    ...(plainErrors.test(error.name) || bySystem ? { message: cut(error.message) } : {}),
    stack: frames.join("\n"),
    ...(error.cause instanceof Error && depth < deepest ? { cause: describeError(error.cause, depth + 1) } : {}),
  };
}
