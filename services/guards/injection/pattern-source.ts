/**
 * Writes a pattern as a regular expression that V8 can run on its linear engine
 * too: without the flags i, u and v, and with no part repeated more than 16
 * times, quantifiers inside quantifiers multiplied, which is all that engine
 * takes (V8's experimental engine refuses a larger "replication factor"). Longer
 * repeats are written out, longest first, so that what matches stays the same.
 */
import type { PatternNode } from "./pattern-syntax.ts";

const most = 16;

/** Global, so that a search can start anywhere; `^` is the start of a line, `.` any character. */
export const patternFlags = "gms";

export function sourceOf(node: PatternNode): string {
  switch (node.kind) {
    case "char":
      return node.char.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
    case "class":
    case "assert":
      return node.source;
    case "choice":
      return `(?:${node.options.map(sourceOf).join("|")})`;
    case "sequence":
      return node.items.map(sourceOf).join("");
    case "repeat":
      return repeated(node.item, node.min, node.max);
  }
}

function repeated(item: PatternNode, min: number, max: number): string {
  const once = grouped(item);
  const inner = factorOf(item);
  if (inner * max <= most) return `${once}{${min},${max}}`;
  if (inner > 1) return once.repeat(min) + nested(once, max - min);
  return required(once, min) + optional(once, max - min);
}

/** The item holds quantifiers: `X{0,3}` is `(?:X(?:X(?:X)?)?)?`. */
function nested(once: string, times: number): string {
  let source = "";
  for (let at = 0; at < times; at++) source = `(?:${once}${source})?`;
  return source;
}

function required(once: string, times: number): string {
  const rest = times % most;
  return `${once}{${most}}`.repeat((times - rest) / most) + (rest === 0 ? "" : `${once}{${rest}}`);
}

/** `X{0,40}` is `(?:X{16}(?:X{16}X{0,8}|X{0,15})|X{0,15})`: one way to each length. */
function optional(once: string, times: number): string {
  if (times <= most) return times === 0 ? "" : `${once}{0,${times}}`;
  return `(?:${once}{${most}}${optional(once, times - most)}|${once}{0,${most - 1}})`;
}

/** How often the innermost part is repeated once the node is written. */
function factorOf(node: PatternNode): number {
  switch (node.kind) {
    case "char":
    case "class":
    case "assert":
      return 1;
    case "choice":
      return Math.max(...node.options.map(factorOf));
    case "sequence":
      return Math.max(1, ...node.items.map(factorOf));
    case "repeat": {
      const inner = factorOf(node.item);
      if (inner * node.max <= most) return Math.max(1, inner * node.max);
      return inner > 1 ? inner : most;
    }
  }
}

function grouped(node: PatternNode): string {
  const single = node.kind === "class" || (node.kind === "char" && node.char.length === 1);
  return single ? sourceOf(node) : `(?:${sourceOf(node)})`;
}
