/**
 * Reads one YAML document and remembers where each value stands, so that a
 * mistake found later, named by a JSON pointer, can be shown by its line.
 */
import { isMap, isPair, LineCounter, parseDocument, type Document } from "yaml";

export interface YamlSource {
  readonly value: unknown;
  /** Line of the value at this pointer, from 1; of the nearest thing around it when it is not there. */
  readonly lineOf: (pointer: string) => number;
}

/** @throws Error with line and column of every mistake in the YAML itself. */
export function readYaml(text: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: true });
  if (document.errors.length > 0) throw new Error(document.errors.map(({ message }) => message.trim()).join("\n"));
  return {
    value: document.toJS(),
    lineOf: (pointer) => lines.linePos(offsetOf(document, stepsOf(pointer))).line,
  };
}

function stepsOf(pointer: string): readonly string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** A field stands where its name does. */
function offsetOf(document: Document.Parsed, steps: readonly string[]): number {
  for (let depth = steps.length; depth > 0; depth--) {
    const around = depth === 1 ? document.contents : document.getIn(steps.slice(0, depth - 1), true);
    const pair = isMap(around)
      ? around.items.find((item) => isPair(item) && String(item.key) === steps[depth - 1])
      : undefined;
    const offset = startOf(pair?.key) ?? startOf(document.getIn(steps.slice(0, depth), true));
    if (offset !== undefined) return offset;
  }
  return startOf(document.contents) ?? 0;
}

function startOf(node: unknown): number | undefined {
  if (typeof node !== "object" || node === null || !("range" in node) || !Array.isArray(node.range)) return undefined;
  const start: unknown = node.range[0];
  return typeof start === "number" ? start : undefined;
}
