/**
 * Lines of small columns, one for each thing that was followed over time: a
 * label, the columns, the figure over all of it. Each line is drawn against its
 * own highest column. Where there are more steps than there is room for, the
 * highest of those that lie side by side is drawn.
 */
import { printable, shortened, widthOf } from "../../table.ts";

export interface Sparkline {
  readonly label: string;
  /** One a step, in order; null: nothing is known. */
  readonly values: readonly (number | null)[];
  readonly text: string;
}

const columns = "▁▂▃▄▅▆▇█";
const mostLabel = 30;
const leastSteps = 10;
const mostSteps = 120;

export function renderSparklines(lines: readonly Sparkline[], width: number): string {
  const labels = lines.map(({ label }) => shortened(printable(label), mostLabel));
  const labelWidth = Math.max(0, ...labels.map(widthOf));
  const textWidth = Math.max(0, ...lines.map(({ text }) => widthOf(text)));
  const room = Math.min(mostSteps, Math.max(leastSteps, width - labelWidth - textWidth - 4));
  return lines
    .map(({ values, text }, index) => {
      const label = labels[index] ?? "";
      const padded = label + " ".repeat(labelWidth - widthOf(label));
      return `${padded}  ${drawn(merged(values, room))}  ${" ".repeat(textWidth - widthOf(text))}${text}`;
    })
    .join("\n");
}

function merged(values: readonly (number | null)[], room: number): readonly (number | null)[] {
  const together = Math.ceil(values.length / room);
  return Array.from({ length: Math.ceil(values.length / together) }, (_, at) => {
    const known = values.slice(at * together, (at + 1) * together).filter((value) => value !== null);
    return known.length === 0 ? null : Math.max(...known);
  });
}

function drawn(values: readonly (number | null)[]): string {
  const highest = Math.max(0, ...values.map((value) => value ?? 0));
  return values
    .map((value) => {
      if (value === null || value <= 0 || highest === 0) return " ";
      return columns[Math.min(columns.length - 1, Math.floor((value / highest) * columns.length))];
    })
    .join("");
}
