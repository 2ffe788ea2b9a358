/**
 * Texts that sanitising must leave as they are: Markdown with all that answers
 * hold (code, formulas, tables, HTML shown as code), writing of many scripts,
 * pictures, logs, letters; and passages of speeches. None holds raw HTML.
 */
import { readFileSync } from "node:fs";
import { passages } from "../../corpus/documents.ts";

export interface BenignText {
  readonly name: string;
  readonly text: string;
}

const file = new URL("../../data/output/sanitise/benign.txt", import.meta.url);

/** Written for this project: a line `=== name` before each. */
export function benignAnswers(): readonly BenignText[] {
  const parts = readFileSync(file, "utf8").split(/^=== /m).slice(1);
  return parts.map((part) => {
    const end = part.indexOf("\n");
    return { name: part.slice(0, end), text: part.slice(end + 1) };
  });
}

export function benignSpeeches(): readonly BenignText[] {
  const plain = passages().filter((text) => !/<\/?[a-z]/i.test(text));
  return plain.map((text, at) => ({ name: `passage ${at + 1} of the speeches`, text }));
}
