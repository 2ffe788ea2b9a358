/**
 * Answers made of the speeches in examples/documents: a whole passage, a
 * sentence or its last clause held against the passage that it was taken from (honest),
 * and a sentence held against a passage of another speech (nothing in it is supported).
 */
import { passages } from "../../corpus/documents.ts";
import { halfOf, type Half } from "../../corpus/half.ts";
import type { GroundingRow } from "./rows.ts";

const shortest = 40;

export function speechRows(half: Half): readonly GroundingRow[] {
  const all = passages();
  return all.flatMap((passage, at) => {
    if (halfOf(passage) !== half) return [];
    const sentences = passage.split(/[.;]\s/).filter((sentence) => sentence.length >= shortest);
    const sentence = sentences[at % sentences.length] ?? passage;
    const clause = sentence.split(",").at(-1) ?? sentence;
    const other = all[(at + Math.floor(all.length / 2)) % all.length] ?? "";
    return [
      row("passage", passage, passage),
      row("sentence", sentence, passage),
      ...(clause.length >= shortest ? [row("clause", clause, passage)] : []),
      { ...row("other speech", sentence, other), label: 1 as const },
    ];
  });
}

function row(kind: string, answer: string, context: string): GroundingRow {
  return { kind, answer, context: [context], label: 0 };
}
