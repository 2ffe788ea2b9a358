/**
 * A signature pack's YAML (or JSON) file as a value, and the line on which each
 * part of it stands, so that a refusal can name it.
 */
import { isMap, isScalar, LineCounter, parseDocument, type Document } from "yaml";

export interface PackDocument {
  readonly value: unknown;
  /** The line of a part by its JSON pointer, or of the nearest part above it that is there; from 1. */
  readonly lineOf: (pointer: string) => number;
}

export interface SyntaxDefect {
  readonly line: number;
  readonly message: string;
}

export function readPackDocument(text: string): PackDocument | SyntaxDefect {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) return { line: lines.linePos(error.pos[0]).line, message: error.message };
  const value: unknown = document.toJS();
  return {
    value,
    lineOf: (pointer) => lines.linePos(offsetOf(document, pointer.split("/").slice(1))).line,
  };
}

/** Of the key when the part is a map's, since that is where a reader looks. */
function offsetOf(document: Document, path: readonly string[]): number {
  for (let length = path.length; length > 0; length--) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    const pair = isMap(parent)
      ? parent.items.find(({ key }) => isScalar(key) && String(key.value) === last)
      : undefined;
    const start = startOf(pair?.key) ?? startOf(document.getIn(path.slice(0, length), true));
    if (start !== undefined) return start;
  }
  return 0;
}

function startOf(node: unknown): number | undefined {
  if (typeof node !== "object" || node === null || !("range" in node) || !Array.isArray(node.range)) return undefined;
  const start: unknown = node.range[0];
  return typeof start === "number" ? start : undefined;
}
