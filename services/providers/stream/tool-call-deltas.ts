/**
 * Puts the calls of functions together that OpenAI's chunks bring in pieces:
 * the id and the name come first, the arguments piece by piece, and `index` says
 * whose they are. Other servers number no calls, or give each the same number:
 * there a new id begins a new call.
 */
import { type Fields, fieldsOf } from "./read-events.ts";

interface Open {
  id: string | undefined;
  name: string | undefined;
  readonly pieces: string[];
}

/** As a whole body has them, in the order in which they began. */
export function joinToolCalls(deltas: readonly unknown[]): readonly Fields[] {
  const calls: Open[] = [];
  const open = new Map<unknown, Open>();
  for (const delta of deltas.map(fieldsOf)) {
    const called = fieldsOf(delta["function"]);
    const id = wordOf(delta["id"]);
    let call = open.get(delta["index"]);
    if (call === undefined || isOther(call, id)) {
      call = { id, name: undefined, pieces: [] };
      calls.push(call);
      open.set(delta["index"], call);
    }
    call.id ??= id;
    call.name ??= wordOf(called["name"]);
    if (typeof called["arguments"] === "string") call.pieces.push(called["arguments"]);
  }
  return calls.map(({ id, name, pieces }) => ({ id, function: { name: name ?? "", arguments: pieces.join("") } }));
}

function isOther(call: Open, id: string | undefined): boolean {
  return id !== undefined && call.id !== undefined && id !== call.id;
}

function wordOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
