/**
 * The user prompt's template: `{{field}}` stands for a top-level input field.
 * Rendering puts values in once and never reads them as a template again, so an
 * input that holds `{{...}}` stays what it is.
 */

export type TemplatePart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "field"; readonly name: string };

const placeholder = /\{\{([^{}]*)\}\}/g;
const fieldName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Splits a template into its own text and its fields; a placeholder that names no field is `malformed`. */
export function parseTemplate(template: string): {
  readonly parts: readonly TemplatePart[];
  readonly malformed: readonly string[];
} {
  const parts: TemplatePart[] = [];
  const malformed: string[] = [];
  let end = 0;
  for (const match of template.matchAll(placeholder)) {
    const name = (match[1] ?? "").trim();
    if (!fieldName.test(name)) malformed.push(match[0]);
    if (match.index > end) parts.push({ kind: "text", text: template.slice(end, match.index) });
    parts.push({ kind: "field", name });
    end = match.index + match[0].length;
  }
  if (end < template.length) parts.push({ kind: "text", text: template.slice(end) });
  return { parts, malformed };
}

/** Strings go in as they are, other values as JSON, absent fields as nothing. */
export function renderTemplate(parts: readonly TemplatePart[], input: Readonly<Record<string, unknown>>): string {
  return parts.map((part) => (part.kind === "text" ? part.text : renderValue(input[part.name]))).join("");
}

export function renderValue(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
