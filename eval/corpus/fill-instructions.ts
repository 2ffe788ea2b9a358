/**
 * Makes whole attacks of spikee's two lists: a jailbreak holds a place for an
 * instruction, and gets one of the same language and the same half, chosen by
 * the jailbreak's own text. Attacks that stand alone are taken as they are.
 */
import { halfOf, lotOf } from "./half.ts";
import type { Row } from "./sets.ts";

const place = "<INSTRUCTION>";

export interface FilledRow {
  /** The row that the half is decided by. */
  readonly row: Row;
  readonly text: string;
}

export function fillInstructions(rows: readonly Row[]): readonly FilledRow[] {
  const instructions = rows.filter(({ kind }) => kind === "instruction");
  return rows.flatMap((row) => {
    if (row.kind === "instruction") return [];
    if (!row.text.includes(place)) return [{ row, text: row.text }];
    const fitting = instructions.filter(
      (instruction) => instruction.language === row.language && halfOf(instruction.text) === halfOf(row.text),
    );
    const chosen = fitting[lotOf(row.text) % fitting.length] ?? instructions[lotOf(row.text) % instructions.length];
    return [{ row, text: row.text.replaceAll(place, () => chosen?.text ?? place) }];
  });
}
