/**
 * Reads the server-sent events of a provider's stream: the JSON of each, in
 * order, and whether the stream said that it is over. An event that is not JSON
 * is a failure of its own kind.
 */
import type { FailureFacts } from "../outcome.ts";

export type Fields = Readonly<Record<string, unknown>>;

export type Read =
  | { readonly kind: "read"; readonly events: readonly Fields[]; readonly done: boolean }
  | { readonly kind: "failed"; readonly facts: FailureFacts };

/** Events by the WHATWG's rules as far as the providers use them: `data` lines, a blank line between events. */
export function eventsOf(stream: string): Read {
  const events: Fields[] = [];
  let done = false;
  for (const part of stream.split(/\r?\n\r?\n/)) {
    const data = part
      .split(/\r?\n/)
      .flatMap((line) => (line.startsWith("data:") ? [line.slice(5).trimStart()] : []))
      .join("\n");
    if (data === "") continue;
    if (data === "[DONE]") {
      done = true;
      continue;
    }
    const event = parsed(data);
    if (event === undefined) return { kind: "failed", facts: endsEarly(stream, part) };
    events.push(fieldsOf(event));
  }
  return { kind: "read", events, done };
}

/** Half an event at the very end: the connection was cut. Anywhere else it is the provider's. */
function endsEarly(stream: string, part: string): FailureFacts {
  if (stream.endsWith(part)) return { kind: "connection", errno: "stream_cut" };
  return { kind: "malformed", code: "event_not_json" };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function firstOf(value: unknown): Fields {
  return Array.isArray(value) ? fieldsOf(value[0]) : {};
}

export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
