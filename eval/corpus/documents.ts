/**
 * Clean documents, as an application would retrieve or upload them: passages of
 * the speeches in examples/documents, cut at the end of a sentence.
 */
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../examples/documents/", import.meta.url));
const passageLength = 1_500;

export function passages(): readonly string[] {
  return globSync("*.txt", { cwd: folder })
    .toSorted()
    .flatMap((file) => cut(readFileSync(`${folder}${file}`, "utf8")));
}

/** Passages of about 1,500 characters; what is left at the end is left out when it is short. */
function cut(text: string): readonly string[] {
  const cuts: string[] = [];
  for (let from = 0; from < text.length;) {
    const stop = text.indexOf(". ", from + passageLength);
    const end = stop === -1 ? text.length : stop + 1;
    const passage = text.slice(from, end).trim();
    if (passage.length >= passageLength / 2) cuts.push(passage);
    from = end;
  }
  return cuts;
}
