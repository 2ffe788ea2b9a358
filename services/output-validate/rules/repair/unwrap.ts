/**
 * Takes an answer out of what is wrapped around all of it: the thoughts that
 * some models write before it, and a string that JSON was put into once too
 * often. What is not wrapped comes back as it is.
 */
import { parseJson } from "../../../guards/output/json-value.ts";

const thoughts = /^\s*<(think|thinking|reasoning)>/;

/** `fromString`: whether the contract rules out that a string is meant. */
export function unwrap(answer: string, fromString: boolean): string {
  const text = withoutThoughts(answer);
  return fromString ? (heldByString(text) ?? withoutEscapes(text) ?? text) : text;
}

function withoutThoughts(answer: string): string {
  const name = thoughts.exec(answer)?.[1];
  if (name === undefined) return answer;
  const closing = `</${name}>`;
  const end = answer.indexOf(closing);
  return end < 0 ? answer : answer.slice(end + closing.length);
}

function heldByString(text: string): string | null {
  if (!/^\s{0,99}"/.test(text)) return null;
  const parsed = parseJson(text);
  return parsed.kind === "value" && typeof parsed.value === "string" ? parsed.value : null;
}

/** `{\"a\": 1}`: every quote escaped and none around them. */
function withoutEscapes(text: string): string | null {
  if (!/[{[](?:\s|\\n){0,99}\\"/.test(text) || text.replaceAll(/\\[^]/g, "").includes('"')) return null;
  const parsed = parseJson(`"${text.replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t")}"`);
  return parsed.kind === "value" && typeof parsed.value === "string" ? parsed.value : null;
}
