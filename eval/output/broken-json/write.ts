/** Writes a JSON value in a style that need not be JSON: what a model gets wrong is one part of the style. */
import type { Json } from "./documents.ts";

export interface Style {
  /** Blanks a level of nesting; 0 writes it all on one line. */
  readonly indent: number;
  text(value: string): string;
  key(name: string): string;
  constant(value: boolean | null): string;
  /** With the blanks behind it. */
  colon(): string;
  /** Between two members or items. */
  comma(): string;
  /** Behind the last of them. */
  last(): string;
  /** Before a member or an item on a line of its own; only where `indent` is not 0. */
  above(): string;
}

export const strictStyle: Style = {
  indent: 2,
  text: (value) => JSON.stringify(value),
  key: (name) => JSON.stringify(name),
  constant: String,
  colon: () => ": ",
  comma: () => ",",
  last: () => "",
  above: () => "",
};

export function write(value: Json, style: Style, level = 0): string {
  if (typeof value === "string") return style.text(value);
  if (typeof value === "number") return JSON.stringify(value);
  if (typeof value === "boolean" || value === null) return style.constant(value);
  const inner = (item: Json): string => write(item, style, level + 1);
  if (isList(value)) return around("[]", value.map(inner), style, level);
  const members = Object.entries(value).map(([name, item]) => `${style.key(name)}${style.colon()}${inner(item)}`);
  return around("{}", members, style, level);
}

function around(brackets: string, parts: readonly string[], style: Style, level: number): string {
  const [open, close] = brackets;
  if (parts.length === 0) return brackets;
  const line = style.indent === 0 ? " " : `\n${" ".repeat(style.indent * (level + 1))}`;
  const end = style.indent === 0 ? "" : `\n${" ".repeat(style.indent * level)}`;
  const start = style.indent === 0 ? "" : line;
  const lines = parts.map((part, index) => {
    const behind = index === parts.length - 1 ? style.last() : style.comma();
    return `${style.indent === 0 ? "" : style.above()}${part}${behind}`;
  });
  return `${open}${start}${lines.join(line)}${end}${close}`;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
