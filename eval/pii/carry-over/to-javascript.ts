/**
 * Turns a Go pattern of gitleaks into one that runs in JavaScript in bounded
 * time: inline flags become modifiers of a group, classes and anchors get their
 * JavaScript names, every open quantifier gets an upper bound. Patterns of the
 * shape "name = value" are taken apart, since most rules share all but two parts.
 */

const nameLead = String.raw`[\w.-]{0,50}?`;
const afterName = String.raw`(?:[ \t\w.-]{0,20})[\s'"]{0,3}`;
const operator = String.raw`(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}`;
const afterValue = String.raw`(?:[\x60'"\s;]|\\[nr]|$)`;

/** In a sentence a comma, a bracket or a full stop may follow a token, not only what follows it in code. */
const wordEnd = String.raw`(?![A-Za-z0-9_])`;

export type CarriedPattern =
  | { readonly kind: "assignment"; readonly name: string; readonly value: string }
  | { readonly kind: "pattern"; readonly pattern: string };

export function toJavaScript(regex: string): readonly CarriedPattern[] {
  const assigned = regex.indexOf(operator);
  if (assigned < 0 || !regex.includes(afterName)) return [{ kind: "pattern", pattern: bounded(regex) }];
  const anyCase = regex.startsWith("(?i)");
  const lead = regex.slice(0, regex.indexOf(afterName));
  const name = lead.slice(lead.lastIndexOf(nameLead) + nameLead.length);
  const rest = regex.slice(assigned + operator.length);
  const end = rest.indexOf(afterValue);
  const value = rest.slice(0, end);
  const other = rest.slice(end + afterValue.length);
  return [
    { kind: "assignment", name: `(?i:${bounded(name)})`, value: anyCase ? `(?i:${bounded(value)})` : bounded(value) },
    ...(other.startsWith("|") ? toJavaScript(other.slice(1)) : []),
  ];
}

const mostRepeats = 200;
const mostCounted = 8000;

export function bounded(regex: string): string {
  const source = scopedFlags(regex)
    .replaceAll(afterValue, wordEnd)
    .replaceAll("[[:alnum:]]", "[A-Za-z0-9]")
    .replaceAll("[:alnum:]", "A-Za-z0-9")
    .replaceAll(String.raw`\z`, "$")
    .replaceAll(/\(\?P<\w+>/g, "(?:");
  let out = "";
  let inClass = false;
  for (let at = 0; at < source.length; at++) {
    const letter = source.charAt(at);
    const open = /^\{\d+,\}/.exec(source.slice(at))?.[0];
    if (letter === "\\") out += letter + source.charAt(++at);
    else if (inClass || letter === "[") {
      inClass = letter !== "]";
      out += letter;
    } else if (letter === "*" || letter === "+") out += `{${letter === "+" ? 1 : 0},${mostRepeats}}`;
    else if (open !== undefined) {
      out += `${open.slice(0, -1)}${mostCounted}}`;
      at += open.length - 1;
    } else out += letter;
  }
  return out;
}

/** `a(?i)b` up to the end of its group becomes `a(?i:b)`. */
function scopedFlags(regex: string): string {
  const flag = regex.indexOf("(?i)");
  if (flag < 0) return regex;
  const rest = regex.slice(flag + 4);
  const close = groupEnd(rest);
  return scopedFlags(`${regex.slice(0, flag)}(?i:${rest.slice(0, close)})${rest.slice(close)}`);
}

/** Where the group ends in which the text begins; its length when no group is open. */
function groupEnd(text: string): number {
  let depth = 0;
  let inClass = false;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at];
    if (letter === "\\") at++;
    else if (inClass) inClass = letter !== "]";
    else if (letter === "[") inClass = true;
    else if (letter === "(") depth++;
    else if (letter === ")" && depth-- === 0) return at;
  }
  return text.length;
}
