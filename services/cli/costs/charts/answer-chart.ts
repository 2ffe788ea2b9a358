/**
 * An answer as a chart: bars where it is split by things or by time alone, a
 * line of columns for each thing where it is split by both. Floats only place
 * the blocks; the figures beside them are the exact ones.
 */
import { totalsOf, type AnswerRow, type Figure } from "../../../ledger/answers/figures.ts";
import { renderBars } from "./bars.ts";
import { figureText } from "../figure-text.ts";
import { renderSparklines } from "./sparklines.ts";
import { stepsOf, type Step } from "./time-steps.ts";

export interface Charted {
  readonly by: readonly string[];
  readonly rows: readonly AnswerRow[];
  readonly figures: readonly Figure[];
  /** Name of the figure that is drawn. */
  readonly drawn: string;
}

export function answerChart(answer: Charted, width: number): string {
  const { by, rows, figures, drawn } = answer;
  const figure = figures.find(({ name }) => name === drawn);
  if (figure === undefined || rows.length === 0) return "";
  const step = by.find(isStep);
  const others = by.filter((name) => name !== step);
  // Of an answer without a split, what tells its rows apart.
  const told = figures.filter(({ kind }) => kind === "text").map(({ name }) => name);
  const labels = [...others, ...told];
  if (step !== undefined && labels.length > 0) return overTime(answer, { figure, step, labels }, width);
  const names = step === undefined ? labels : [step];
  const ordered =
    step === undefined ? rows : rows.toSorted((left, right) => (labelOf(left, names) < labelOf(right, names) ? -1 : 1));
  const bars = ordered.map((row) => ({
    label: labelOf(row, names),
    value: numberOf(row[drawn]),
    text: figureText(figure, row[drawn]),
  }));
  return renderBars(bars, width);
}

interface Lines {
  readonly figure: Figure;
  readonly step: Step;
  readonly labels: readonly string[];
}

function overTime({ rows, drawn }: Charted, { figure, step, labels }: Lines, width: number): string {
  const steps = stepsOf(step, rows.flatMap((row) => row[step] ?? []).map(String));
  const followed = Map.groupBy(rows, (row) => labelOf(row, labels));
  const lines = Array.from(followed, ([label, own]) => {
    const at = new Map(own.map((row) => [String(row[step]), row[drawn]]));
    const over = totalsOf([figure], own)[drawn];
    return {
      label,
      values: steps.map((name) => numberOf(at.get(name))),
      text: over === undefined ? "" : figureText(figure, over),
      size: numberOf(over) ?? 0,
    };
  });
  const head = `${steps[0] ?? ""} to ${steps.at(-1) ?? ""}, a column a ${step}`;
  return `${head}\n${renderSparklines(
    lines.toSorted((left, right) => right.size - left.size),
    width,
  )}`;
}

function isStep(name: string): name is Step {
  return name === "hour" || name === "day" || name === "month";
}

function labelOf(row: AnswerRow, names: readonly string[]): string {
  return names.length === 0 ? "all" : names.map((name) => row[name] ?? "-").join(" / ");
}

function numberOf(value: AnswerRow[string]): number | null {
  return value === undefined || value === null ? null : Number(value);
}
